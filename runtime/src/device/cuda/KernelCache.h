#pragma once
#include "device/cuda/Gpu.h"
#include "phirt/abi.h"
#include <optional>
#include <string>

namespace phirt::cuda {

/// Machine code that the driver once made of an image, in the user's folder for caches: the next
/// run need not wait for it. Whatever goes wrong here costs that wait and nothing else.
class KernelCache {
public:
  /// Names a file by a hash of the image, the driver's version and the GPU's name.
  KernelCache(const abi::DeviceImage &image, const Gpu &gpu, int driverVersion);

  /// Nothing where there is no such file, or where its bytes are not what was written.
  std::optional<std::string> read() const;
  /// All of it or none, whoever else writes.
  void write(std::string_view cubin) const;

private:
  std::string folder; ///< empty: the user has none
  std::string path;
};

} // namespace phirt::cuda
