#include "device/cuda/Graph.h"

namespace phirt::cuda {
namespace {

/// A link, told to the driver. Valid as long as it stays where it is.
struct Node {
  abi::ForwardArgs args;
  void *parameters[1] = {&args};
  KernelNode node;

  Node(const Kernel &kernel, const Link &link, const abi::ForwardArgs &pass) : args(pass) {
    link.tell(args, kernel.blocks);
    node = {kernel.function,
            static_cast<unsigned>(args.threads),
            1,
            1,
            kernel.blockThreads,
            1,
            1,
            kernel.sharedBytes,
            parameters,
            nullptr};
  }
  Node(const Node &) = delete;
};

} // namespace

Status launchLink(const Driver &driver, const Kernel &kernel, const Link &link,
                  abi::ForwardArgs args, Handle stream) {
  link.tell(args, kernel.blocks);
  void *parameters[] = {&args}; // copied before the call returns
  Code code = driver->cuLaunchKernel(kernel.function, static_cast<unsigned>(args.threads), 1, 1,
                                     kernel.blockThreads, 1, 1, kernel.sharedBytes, stream,
                                     parameters, nullptr);
  return driver.check(code, "starting a pass");
}

Result<Graph> Graph::make(const Driver &driver, const Kernel &kernel, std::vector<Link> links,
                          const abi::ForwardArgs &args) {
  Graph graph(kernel, std::move(links), args);
  graph.driver = &driver;
  if (Status status = graph.build(); !status)
    return std::unexpected(status.error());
  return graph;
}

/// Each node waits for the one before it. They are added and not captured from a stream: so each
/// link's node is known.
Status Graph::build() {
  constexpr std::string_view kDoing = "making a graph of launches";
  Handle made = nullptr;
  if (Status status = driver->check((*driver)->cuGraphCreate(&made, 0), kDoing); !status)
    return status;
  description = GraphDescription(*driver, made);
  for (const Link &link : links) {
    Node node(*kernel, link, args);
    Handle added = nullptr, *before = nodes.empty() ? nullptr : &nodes.back();
    Code code = (*driver)->cuGraphAddKernelNode(&added, *description, before, nodes.empty() ? 0 : 1,
                                                &node.node);
    if (Status status = driver->check(code, kDoing); !status)
      return status;
    nodes.push_back(added);
  }
  Code code = (*driver)->cuGraphInstantiateWithFlags(&made, *description, 0);
  if (Status status = driver->check(code, kDoing); !status)
    return status;
  executable = ExecutableGraph(*driver, made);
  return {};
}

Status Graph::moveTo(int64_t position) {
  if (args.position == position)
    return {};
  args.position = -1; // of no pass, unless all nodes are set
  abi::ForwardArgs next = args;
  next.position = position;
  for (size_t i = 0; i < nodes.size(); ++i) {
    Node node(*kernel, links[i], next);
    Code code = (*driver)->cuGraphExecKernelNodeSetParams(*executable, nodes[i], &node.node);
    if (Status status = driver->check(code, "preparing a pass"); !status)
      return status;
  }
  args = next;
  return {};
}

Status Graph::launch(int64_t position, Handle stream) {
  if (Status status = moveTo(position); !status)
    return status;
  Code code = (*driver)->cuGraphLaunch(*executable, stream);
  if (Status status = driver->check(code, "starting a pass"); !status)
    return status;
  // What is under way does not see it. Most often the next pass goes on where this one ends; and
  // where that fails now, it fails again when it is needed.
  (void)moveTo(position + args.count);
  return {};
}

} // namespace phirt::cuda
