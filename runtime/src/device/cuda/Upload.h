#pragma once
#include "device/cuda/Memory.h"
#include <span>

namespace phirt::cuda {

/// Copies `bytes`, pages of a file, to the device: some threads read stretches of it into pinned
/// buffers, two for each, so that reading and the bus never wait for each other.
Status upload(const Driver &driver, Handle context, std::span<const std::byte> bytes,
              DevicePointer to);

} // namespace phirt::cuda
