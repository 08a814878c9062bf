// The fake driver: itself, its errors, GPUs and contexts.

#include "FakeState.h"
#include <cstdio>
#include <cstdlib>

using namespace fakecuda;

extern "C" {
Code cuInit(unsigned flags) {
  ENTER(false);
  return flags == 0 ? kSuccess : kInvalidValue;
}
Code cuDriverGetVersion(int *version) {
  ENTER(false);
  *version = atoi(setting("FAKE_CUDA_VERSION", "12040"));
  return kSuccess;
}
Code cuGetErrorName(Code code, const char **text) {
  ENTER(false);
  static std::map<Code, const char *> names = {{1, "CUDA_ERROR_INVALID_VALUE"},
                                               {2, "CUDA_ERROR_OUT_OF_MEMORY"},
                                               {100, "CUDA_ERROR_NO_DEVICE"},
                                               {200, "CUDA_ERROR_INVALID_IMAGE"},
                                               {201, "CUDA_ERROR_INVALID_CONTEXT"},
                                               {218, "CUDA_ERROR_INVALID_PTX"},
                                               {500, "CUDA_ERROR_NOT_FOUND"},
                                               {719, "CUDA_ERROR_LAUNCH_FAILED"},
                                               {720, "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE"},
                                               {999, "CUDA_ERROR_UNKNOWN"}};
  auto found = names.find(code);
  *text = found == names.end() ? nullptr : found->second;
  return *text ? kSuccess : kInvalidValue;
}
Code cuGetErrorString(Code, const char **text) {
  ENTER(false);
  *text = "a fake fault";
  return kSuccess;
}
Code cuDeviceGetCount(int *count) {
  ENTER(false);
  *count = static_cast<int>(gpus().size());
  return kSuccess;
}
Code cuDeviceGet(DeviceHandle *device, int ordinal) {
  ENTER(false);
  if (ordinal < 0 || ordinal >= static_cast<int>(gpus().size()))
    return 101;
  *device = 40 + ordinal; // a handle is not a number
  return kSuccess;
}
Code cuDeviceGetName(char *name, int bytes, DeviceHandle device) {
  ENTER(false);
  snprintf(name, bytes, "%s", gpus()[device - 40].name.c_str());
  return kSuccess;
}
Code cuDeviceGetAttribute(int *value, Attribute attribute, DeviceHandle device) {
  ENTER(false);
  FakeGpu gpu = gpus()[device - 40];
  std::map<Attribute, int> values = {{Attribute::MultiprocessorCount, gpu.multiprocessors},
                                     {Attribute::CapabilityMajor, gpu.capability / 10},
                                     {Attribute::CapabilityMinor, gpu.capability % 10},
                                     {Attribute::CooperativeLaunch, !getenv("FAKE_CUDA_NO_GRIDS")}};
  *value = values.at(attribute);
  return kSuccess;
}
Code cuDeviceTotalMem_v2(size_t *bytes, DeviceHandle device) {
  ENTER(false);
  *bytes = gpus()[device - 40].memory;
  return kSuccess;
}
Code cuDevicePrimaryCtxRetain(Handle *context, DeviceHandle device) {
  ENTER(false);
  *context = &contextTag;
  gpuOfContext = device - 40;
  ++state->contexts;
  return kSuccess;
}
Code cuDevicePrimaryCtxRelease_v2(DeviceHandle) {
  ENTER(false);
  --state->contexts;
  return kSuccess;
}
Code cuCtxSetCurrent(Handle context) {
  ENTER(false);
  current = context;
  return kSuccess;
}
Code cuMemGetInfo_v2(size_t *free, size_t *total) {
  ENTER();
  *total = gpus()[gpuOfContext].memory;
  *free = *total - state->used;
  return kSuccess;
}
}
