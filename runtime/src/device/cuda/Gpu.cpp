#include "device/cuda/Gpu.h"
#include "model/PassMemory.h"

namespace phirt::cuda {
namespace {

Result<int64_t> ask(const Driver &driver, DeviceHandle gpu, Attribute attribute) {
  int value = 0;
  if (Status status =
          driver.check(driver->cuDeviceGetAttribute(&value, attribute, gpu), "describing a GPU");
      !status)
    return std::unexpected(status.error());
  return value;
}

Status readNumbers(const Driver &driver, Gpu &gpu) {
  Result<int64_t> major = ask(driver, gpu.handle, Attribute::CapabilityMajor);
  Result<int64_t> minor = ask(driver, gpu.handle, Attribute::CapabilityMinor);
  Result<int64_t> count = ask(driver, gpu.handle, Attribute::MultiprocessorCount);
  Result<int64_t> grids = ask(driver, gpu.handle, Attribute::CooperativeLaunch);
  for (const Result<int64_t> *number : {&major, &minor, &count, &grids})
    if (!*number)
      return std::unexpected(number->error());
  gpu.capability = static_cast<uint32_t>(*major * 10 + *minor);
  gpu.multiprocessors = *count;
  gpu.runsGrids = *grids != 0;
  return driver.check(driver->cuDeviceTotalMem(&gpu.memory, gpu.handle), "describing a GPU");
}

Result<Gpu> describe(const Driver &driver, int64_t number) {
  Gpu gpu{number, 0, "", 0, 0, 0, false};
  char name[256] = "";
  Status status = driver.check(driver->cuDeviceGet(&gpu.handle, static_cast<int>(number)),
                               "opening GPU " + std::to_string(number));
  if (status)
    status = driver.check(driver->cuDeviceGetName(name, sizeof name - 1, gpu.handle),
                          "describing a GPU");
  if (status)
    status = readNumbers(driver, gpu);
  if (!status)
    return std::unexpected(status.error());
  gpu.name = name;
  return gpu;
}

/// "0: NVIDIA H100 (85.0 GB), 1: ...".
std::string listAll(const Driver &driver, int count) {
  std::string all;
  for (int64_t number = 0; number < count; ++number) {
    Result<Gpu> gpu = describe(driver, number);
    all += (number ? ", " : "") + std::to_string(number) + ": " +
           (gpu ? gpu->name + " (" + gigabytes(gpu->memory) + ")" : "(does not answer)");
  }
  return all;
}

} // namespace

Result<Gpu> chooseGpu(const Driver &driver, std::optional<int64_t> asked) {
  int count = 0;
  if (Status status = driver.check(driver->cuDeviceGetCount(&count), "counting the GPUs"); !status)
    return std::unexpected(status.error());
  if (count == 0)
    return error("this program runs on NVIDIA GPUs: the driver finds none");
  if (asked.value_or(0) >= count)
    return error("--device " + std::to_string(*asked) + ": this machine has " +
                 listAll(driver, count));
  return describe(driver, asked.value_or(0));
}

} // namespace phirt::cuda
