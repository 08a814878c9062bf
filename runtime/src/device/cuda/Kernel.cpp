#include "device/cuda/Kernel.h"
#include "device/cuda/Jit.h"
#include "device/cuda/KernelCache.h"
#include "device/cuda/Progress.h"

namespace phirt::cuda {
namespace {

Result<Module> loadModule(const Driver &driver, const Gpu &gpu, const abi::DeviceImage &image) {
  KernelCache cache(image, gpu, driver.version());
  if (std::optional<std::string> cubin = cache.read())
    if (Result<Module> module = loadImage(driver, cubin->data()))
      return module;
  Progress progress("compiling for " + gpu.name + ", once");
  std::string cubin = compile(driver, image);
  if (!cubin.empty())
    if (Result<Module> module = loadImage(driver, cubin.data())) {
      cache.write(cubin);
      return module;
    }
  return loadImage(driver, image.ptx); // not to be kept; and it says what is wrong
}

std::string needs(const Kernel &kernel) {
  return "the kernel's blocks of " + std::to_string(kernel.blockThreads) + " threads and " +
         std::to_string(kernel.sharedBytes) + " bytes of shared memory";
}

/// How many blocks run at once: all of them must, where they wait for each other.
Status countBlocks(const Driver &driver, const Gpu &gpu, Kernel &kernel) {
  Code code = driver->cuFuncSetAttribute(kernel.function, FunctionAttribute::MaxDynamicSharedBytes,
                                         static_cast<int>(kernel.sharedBytes));
  if (Status status = driver.check(code, "making room for " + needs(kernel)); !status)
    return status;
  int perMultiprocessor = 0;
  code = driver->cuOccupancyMaxActiveBlocksPerMultiprocessor(&perMultiprocessor, kernel.function,
                                                             static_cast<int>(kernel.blockThreads),
                                                             kernel.sharedBytes);
  if (Status status = driver.check(code, "placing " + needs(kernel)); !status)
    return status;
  if (perMultiprocessor < 1)
    return error(gpu.name + " has no room for " + needs(kernel));
  kernel.blocks = static_cast<unsigned>(perMultiprocessor * gpu.multiprocessors);
  return {};
}

} // namespace

Result<Kernel> loadKernel(const Driver &driver, const Gpu &gpu, const abi::DeviceCode &code,
                          const abi::DeviceImage &image) {
  Result<Module> module = loadModule(driver, gpu, image);
  if (!module)
    return std::unexpected(module.error());
  auto own = static_cast<unsigned>(image.sharedBytes);
  Kernel kernel{std::move(*module), nullptr, 0, code.blockThreads, own ? own : code.sharedBytes};
  Status status =
      driver.check(driver->cuModuleGetFunction(&kernel.function, *kernel.module, code.kernel),
                   "finding the kernel " + std::string(code.kernel));
  if (status)
    status = countBlocks(driver, gpu, kernel);
  if (!status)
    return std::unexpected(status.error());
  return kernel;
}

} // namespace phirt::cuda
