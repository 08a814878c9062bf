#pragma once
#include "device/cuda/Gpu.h"
#include "device/cuda/Memory.h"
#include "phirt/abi.h"

namespace phirt::cuda {

/// A pass over the model, compiled and ready to be launched.
struct Kernel {
  Module module;
  Handle function = nullptr;
  unsigned blocks = 0; ///< as many as the GPU runs at once
  unsigned blockThreads = 0, sharedBytes = 0;
};

/// Takes the machine code of `image` from the cache, or has the driver make it.
Result<Kernel> loadKernel(const Driver &driver, const Gpu &gpu, const abi::DeviceCode &code,
                          const abi::DeviceImage &image);

} // namespace phirt::cuda
