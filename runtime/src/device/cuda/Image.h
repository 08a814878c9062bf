#pragma once
#include "device/cuda/Gpu.h"
#include "phirt/abi.h"

namespace phirt::cuda {

/// The oldest CUDA whose driver takes this PTX: 12000 for 12.0; 0 where it does not say.
int cudaVersionFor(const abi::DeviceImage &image);

/// The best of the images that `gpu` runs and a driver of `driverVersion` takes: one for that very
/// capability before the portable one of the highest. Errors say which of the two is missing.
/// `isChain`: each launch is to run a part of the pass.
Result<const abi::DeviceImage *> chooseImage(const abi::DeviceCode &code, const Gpu &gpu,
                                             int driverVersion, bool isChain);

} // namespace phirt::cuda
