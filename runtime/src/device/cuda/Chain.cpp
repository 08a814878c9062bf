#include "device/cuda/Chain.h"

namespace phirt::cuda {

Result<Graph *> Chain::graphFor(const abi::ForwardArgs &args) {
  Kind kind{args.count, args.logitRows, args.longRope, args.choice != nullptr};
  auto known = graphs.find(kind);
  if (known != graphs.end())
    return &known->second;
  if (graphs.size() == kMostGraphs)
    return nullptr;
  Result<Graph> made =
      Graph::make(*driver, *kernel, planChain(regions, args.count, args.choice), args);
  if (!made)
    return std::unexpected(made.error());
  return &graphs.emplace(kind, std::move(*made)).first->second;
}

Status Chain::launch(const abi::ForwardArgs &args, Handle stream) {
  if (args.count <= kShortPass && driver->hasGraphs()) {
    Result<Graph *> graph = graphFor(args);
    if (!graph)
      return std::unexpected(graph.error());
    if (*graph)
      return (*graph)->launch(args.position, stream);
  }
  for (const Link &link : planChain(regions, args.count, args.choice))
    if (Status status = launchLink(*driver, *kernel, link, args, stream); !status)
      return status;
  return {};
}

} // namespace phirt::cuda
