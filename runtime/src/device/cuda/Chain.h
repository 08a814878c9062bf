#pragma once
#include "device/cuda/Graph.h"
#include <map>
#include <tuple>

namespace phirt::cuda {

/// Passes as chains of launches: short ones by a graph each kind, others launch by launch, of which
/// each takes longer than to start the next.
class Chain {
public:
  /// All outlive it.
  Chain(const Driver &driver, const Kernel &kernel, std::span<const abi::Region> regions)
      : driver(&driver), kernel(&kernel), regions(regions) {}
  Status launch(const abi::ForwardArgs &args, Handle stream);

private:
  /// All that passes differ in but position: tokens, rows of logits, RoPE's factors, a choice.
  using Kind = std::tuple<int64_t, int64_t, int64_t, bool>;

  /// Of some 200 launches each, in the driver's memory; kinds beyond that are rare.
  static constexpr size_t kMostGraphs = 16;

  /// Null: there are as many as are kept.
  Result<Graph *> graphFor(const abi::ForwardArgs &args);

  const Driver *driver;
  const Kernel *kernel;
  std::span<const abi::Region> regions;
  std::map<Kind, Graph> graphs;
};

} // namespace phirt::cuda
