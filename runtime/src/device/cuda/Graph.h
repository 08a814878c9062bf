#pragma once
#include "device/Chain.h"
#include "device/cuda/Kernel.h"

namespace phirt::cuda {

/// One launch of `link`, of a pass with these arguments; runs when the stream comes to it.
Status launchLink(const Driver &driver, const Kernel &kernel, const Link &link,
                  abi::ForwardArgs args, Handle stream);

/// The launches of a kind of pass, which the driver knows beforehand: one call starts all.
/// Passes of a kind differ in their position alone.
class Graph {
public:
  static Result<Graph> make(const Driver &driver, const Kernel &kernel, std::vector<Link> links,
                            const abi::ForwardArgs &args);
  Status launch(int64_t position, Handle stream);

private:
  Graph(const Kernel &kernel, std::vector<Link> links, const abi::ForwardArgs &args)
      : kernel(&kernel), links(std::move(links)), args(args) {}
  Status build();
  Status moveTo(int64_t position);

  const Driver *driver = nullptr;
  const Kernel *kernel;
  std::vector<Link> links;
  abi::ForwardArgs args; ///< as the nodes have it
  GraphDescription description;
  std::vector<Handle> nodes; ///< of each link
  ExecutableGraph executable;
};

} // namespace phirt::cuda
