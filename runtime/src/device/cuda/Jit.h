#pragma once
#include "device/cuda/Gpu.h"
#include "device/cuda/Memory.h"
#include "phirt/abi.h"

namespace phirt::cuda {

/// The driver's compiler: PTX to machine code that may be kept; nothing where it gives none.
std::string compile(const Driver &driver, const abi::DeviceImage &image);
/// Puts an image on the device: machine code, or PTX, which the driver compiles first. An error has
/// the first line of the driver's log.
Result<Module> loadImage(const Driver &driver, const void *image);

} // namespace phirt::cuda
