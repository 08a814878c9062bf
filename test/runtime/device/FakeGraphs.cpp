// The fake driver: graphs. Nodes that do not wait for each other run in the other order than they
// were added in.

#include "FakeState.h"

using namespace fakecuda;

namespace {

FakeLaunch launchOf(const KernelNode &what) {
  return {what.function,
          {what.gridX, what.gridY, what.gridZ},
          {what.blockX, what.blockY, what.blockZ},
          what.sharedBytes,
          false,
          *static_cast<phirt::abi::ForwardArgs *>(what.parameters[0])};
}

FakeGraph *find(Handle handle) {
  auto *graph = static_cast<FakeGraph *>(handle);
  return state->graphs.contains(graph) ? graph : nullptr;
}

void run(const FakeNode *node, std::set<const FakeNode *> &done, std::vector<FakeLaunch> &order) {
  if (!done.insert(node).second)
    return;
  for (const FakeNode *before : node->before)
    run(before, done, order);
  order.push_back(node->launch);
}

Code destroy(Handle handle) {
  FakeGraph *graph = find(handle);
  state->graphs.erase(graph);
  delete graph;
  return graph ? kSuccess : kInvalidValue;
}

} // namespace

extern "C" {
Code cuGraphCreate(Handle *graph, unsigned flags) {
  ENTER();
  *graph = *state->graphs.insert(new FakeGraph).first;
  return flags == 0 ? kSuccess : kInvalidValue;
}
Code cuGraphAddKernelNode(Handle *node, Handle graph, const Handle *before, size_t beforeCount,
                          const KernelNode *what) {
  ENTER();
  if (!find(graph))
    return kInvalidValue;
  auto made = std::make_unique<FakeNode>(launchOf(*what));
  for (size_t i = 0; i < beforeCount; ++i)
    made->before.push_back(static_cast<FakeNode *>(before[i]));
  *node = made.get();
  find(graph)->nodes.push_back(std::move(made));
  return checkLaunch(static_cast<FakeNode *>(*node)->launch);
}
/// The nodes stay where they are: they are the ones to be set.
Code cuGraphInstantiateWithFlags(Handle *executable, Handle graph, unsigned long long flags) {
  ENTER();
  if (!find(graph) || flags != 0)
    return kInvalidValue;
  auto *made = new FakeGraph;
  made->nodes = std::move(find(graph)->nodes);
  *executable = *state->graphs.insert(made).first;
  return kSuccess;
}
Code cuGraphExecKernelNodeSetParams(Handle executable, Handle node, const KernelNode *what) {
  ENTER();
  if (find(executable))
    for (auto &known : find(executable)->nodes)
      if (known.get() == node) {
        known->launch = launchOf(*what);
        return checkLaunch(known->launch);
      }
  return kInvalidValue;
}
Code cuGraphLaunch(Handle executable, Handle stream) {
  ENTER();
  FakeGraph *graph = find(executable);
  if (!graph)
    return kInvalidValue;
  std::set<const FakeNode *> done;
  std::vector<FakeLaunch> order; // as nodes are now: what is set later is for the next launch
  for (auto node = graph->nodes.rbegin(); node != graph->nodes.rend(); ++node)
    run(node->get(), done, order);
  for (const FakeLaunch &launch : order)
    if (Code code = enqueue(stream, workOf(launch)))
      return code;
  return kSuccess;
}
Code cuGraphExecDestroy(Handle executable) {
  ENTER();
  return destroy(executable);
}
Code cuGraphDestroy(Handle graph) {
  ENTER();
  return destroy(graph);
}
}
