#include "device/cuda/Image.h"
#include <algorithm>
#include <cstdio>
#include <span>
#include <string_view>

namespace phirt::cuda {
namespace {

bool runsOn(const abi::DeviceImage &image, uint32_t capability) {
  return image.exact ? image.capability == capability : image.capability <= capability;
}

bool isBetter(const abi::DeviceImage &image, const abi::DeviceImage *other) {
  if (!other || image.exact != other->exact)
    return !other || image.exact > other->exact;
  return image.capability > other->capability;
}

/// "12.4" of 12040, "8.6" of 86 where `unit` is 10.
std::string dotted(int version, int unit) {
  int minor = unit == 1000 ? version % unit / 10 : version % unit;
  return std::to_string(version / unit) + "." + std::to_string(minor);
}

/// No image runs on the GPU: says what would.
std::string tooOldGpu(std::span<const abi::DeviceImage> images, const Gpu &gpu) {
  std::string needs;
  for (const abi::DeviceImage &image : images)
    needs += (needs.empty() ? "" : " or ") + dotted(static_cast<int>(image.capability), 10) +
             (image.exact ? "" : " and later");
  return gpu.name + " has compute capability " + dotted(static_cast<int>(gpu.capability), 10) +
         ": this program's code is for " + needs;
}

} // namespace

int cudaVersionFor(const abi::DeviceImage &image) {
  std::string_view text(image.ptx, image.bytes);
  size_t at = text.find(".version ");
  int major = 0, minor = 0;
  if (at == text.npos || sscanf(image.ptx + at, ".version %d.%d", &major, &minor) != 2)
    return 0;
  // "PTX ISA Notes": 7.x came with CUDA 11.x; 8.x with 12.x, from 8.6 on with 12.7 and later; 9.x
  // with 13.x.
  if (major == 8 && minor >= 6)
    ++minor;
  return std::max(11000, (major + 4) * 1000 + minor * 10);
}

Result<const abi::DeviceImage *> chooseImage(const abi::DeviceCode &code, const Gpu &gpu,
                                             int driverVersion, bool isChain) {
  std::span images(code.images, code.imageCount);
  const abi::DeviceImage *best = nullptr;
  int needed = INT32_MAX; // by the least demanding one that would run on the GPU
  for (const abi::DeviceImage &image : images) {
    if (!runsOn(image, gpu.capability) || (isChain && image.wholeOnly))
      continue;
    needed = std::min(needed, cudaVersionFor(image));
    if (cudaVersionFor(image) <= driverVersion && isBetter(image, best))
      best = &image;
  }
  if (best)
    return best;
  if (needed == INT32_MAX)
    return error(tooOldGpu(images, gpu));
  return error("the NVIDIA driver is too old: it is of CUDA " + dotted(driverVersion, 1000) +
               ", this program needs " + dotted(needed, 1000) + " or later");
}

} // namespace phirt::cuda
