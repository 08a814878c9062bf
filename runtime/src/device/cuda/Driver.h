#pragma once
#include "device/cuda/Calls.h"
#include "phirt/Status.h"
#include <string_view>

namespace phirt::cuda {

/// NVIDIA's driver, found and initialised. Stays loaded to the program's end.
class Driver {
public:
  static Result<Driver> open();

  /// An error where `code` is one: its name, what the driver says of it, and what was being done
  /// ("copying logits").
  Status check(Code code, std::string_view doing) const;

  const Calls &all() const { return calls; }
  const Calls *operator->() const { return &calls; }
  /// Whether it has all calls of graphs.
  bool hasGraphs() const { return graphs; }
  /// Of CUDA that the driver is of: 12040 for 12.4.
  int version() const { return cudaVersion; }

private:
  Status start();

  Calls calls{};
  bool graphs = false;
  int cudaVersion = 0;
};

} // namespace phirt::cuda
