#pragma once
#include "device/cuda/Driver.h"
#include <cstdint>
#include <optional>
#include <string>

namespace phirt::cuda {

/// A GPU of this machine, as the driver counts them.
struct Gpu {
  int64_t number;
  DeviceHandle handle;
  std::string name;        ///< "NVIDIA H100 PCIe"
  uint32_t capability;     ///< 90
  int64_t multiprocessors; ///< 114
  size_t memory;           ///< bytes
  bool runsGrids;          ///< cooperative ones, whose blocks wait for each other
};

/// Number `asked`, or 0. An error names all that there are.
Result<Gpu> chooseGpu(const Driver &driver, std::optional<int64_t> asked);

} // namespace phirt::cuda
