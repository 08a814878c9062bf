#pragma once
/// The part of NVIDIA's driver API that programs call, as libcuda.so.1 exports it. Declared here,
/// so that no toolkit is needed; names, types and values as in "CUDA Driver API", whose pointers to
/// structs are void * here.

#include <cstddef>
#include <cstdint>

namespace phirt::cuda {

using Code = int; ///< CUresult
inline constexpr Code kSuccess = 0, kNoDevice = 100;
using DeviceHandle = int;
using DevicePointer = unsigned long long;
using Handle = void *; ///< CUcontext, CUmodule, CUfunction, CUstream, CUevent, CUlinkState,
                       ///< CUgraph, CUgraphNode, CUgraphExec

/// CUdevice_attribute.
enum class Attribute : int {
  MultiprocessorCount = 16,
  CapabilityMajor = 75,
  CapabilityMinor = 76,
  CooperativeLaunch = 95,
};
/// CUfunction_attribute.
enum class FunctionAttribute : int { MaxDynamicSharedBytes = 8 };
/// CUjit_option.
enum class JitOption : int { ErrorLog = 5, ErrorLogBytes = 6, Target = 9 };
/// CUjit_target: the capability as major * 10 + minor, and this bit for what ends with a.
inline constexpr uintptr_t kAcceleratedTarget = 0x10000;
inline constexpr int kJitInputPtx = 1;             ///< CUjitInputType
inline constexpr unsigned kStreamNonBlocking = 1;  ///< CUstream_flags
inline constexpr unsigned kEventDisableTiming = 2; ///< CUevent_flags

/// CUDA_KERNEL_NODE_PARAMS, its first version.
struct KernelNode {
  Handle function;
  unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes;
  void **parameters, **extra;
};

// clang-format off
/// CALL(name, exported, parameters): a new version of a call has a number in the name that is exported.
#define PHIRT_CUDA_CALLS(CALL) \
  CALL(cuInit, cuInit, (unsigned flags)) \
  CALL(cuDriverGetVersion, cuDriverGetVersion, (int *version)) \
  CALL(cuGetErrorName, cuGetErrorName, (Code code, const char **text)) \
  CALL(cuGetErrorString, cuGetErrorString, (Code code, const char **text)) \
  CALL(cuDeviceGetCount, cuDeviceGetCount, (int *count)) \
  CALL(cuDeviceGet, cuDeviceGet, (DeviceHandle *device, int ordinal)) \
  CALL(cuDeviceGetName, cuDeviceGetName, (char *name, int bytes, DeviceHandle device)) \
  CALL(cuDeviceGetAttribute, cuDeviceGetAttribute, (int *value, Attribute attribute, DeviceHandle device)) \
  CALL(cuDeviceTotalMem, cuDeviceTotalMem_v2, (size_t *bytes, DeviceHandle device)) \
  CALL(cuDevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain, (Handle *context, DeviceHandle device)) \
  CALL(cuDevicePrimaryCtxRelease, cuDevicePrimaryCtxRelease_v2, (DeviceHandle device)) \
  CALL(cuCtxSetCurrent, cuCtxSetCurrent, (Handle context)) \
  CALL(cuMemGetInfo, cuMemGetInfo_v2, (size_t *free, size_t *total)) \
  CALL(cuLinkCreate, cuLinkCreate_v2, (unsigned options, JitOption *names, void **values, Handle *state)) \
  CALL(cuLinkAddData, cuLinkAddData_v2, (Handle state, int type, void *data, size_t bytes, const char *name, unsigned options, JitOption *names, void **values)) \
  CALL(cuLinkComplete, cuLinkComplete, (Handle state, void **cubin, size_t *bytes)) \
  CALL(cuLinkDestroy, cuLinkDestroy, (Handle state)) \
  CALL(cuModuleLoadDataEx, cuModuleLoadDataEx, (Handle *module, const void *image, unsigned options, JitOption *names, void **values)) \
  CALL(cuModuleUnload, cuModuleUnload, (Handle module)) \
  CALL(cuModuleGetFunction, cuModuleGetFunction, (Handle *function, Handle module, const char *name)) \
  CALL(cuFuncSetAttribute, cuFuncSetAttribute, (Handle function, FunctionAttribute attribute, int value)) \
  CALL(cuOccupancyMaxActiveBlocksPerMultiprocessor, cuOccupancyMaxActiveBlocksPerMultiprocessor, (int *blocks, Handle function, int blockThreads, size_t sharedBytes)) \
  CALL(cuLaunchCooperativeKernel, cuLaunchCooperativeKernel, (Handle function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes, Handle stream, void **parameters)) \
  CALL(cuLaunchKernel, cuLaunchKernel, (Handle function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes, Handle stream, void **parameters, void **extra)) \
  CALL(cuMemAlloc, cuMemAlloc_v2, (DevicePointer *memory, size_t bytes)) \
  CALL(cuMemFree, cuMemFree_v2, (DevicePointer memory)) \
  CALL(cuMemAllocHost, cuMemAllocHost_v2, (void **memory, size_t bytes)) \
  CALL(cuMemFreeHost, cuMemFreeHost, (void *memory)) \
  CALL(cuMemcpyHtoDAsync, cuMemcpyHtoDAsync_v2, (DevicePointer to, const void *from, size_t bytes, Handle stream)) \
  CALL(cuMemcpyDtoHAsync, cuMemcpyDtoHAsync_v2, (void *to, DevicePointer from, size_t bytes, Handle stream)) \
  CALL(cuMemsetD8Async, cuMemsetD8Async, (DevicePointer memory, unsigned char value, size_t bytes, Handle stream)) \
  CALL(cuStreamCreate, cuStreamCreate, (Handle *stream, unsigned flags)) \
  CALL(cuStreamSynchronize, cuStreamSynchronize, (Handle stream)) \
  CALL(cuStreamDestroy, cuStreamDestroy_v2, (Handle stream)) \
  CALL(cuEventCreate, cuEventCreate, (Handle *event, unsigned flags)) \
  CALL(cuEventRecord, cuEventRecord, (Handle event, Handle stream)) \
  CALL(cuEventSynchronize, cuEventSynchronize, (Handle event)) \
  CALL(cuEventDestroy, cuEventDestroy_v2, (Handle event))
/// Those of graphs: a driver may be older than one of them (CUDA 11.4).
#define PHIRT_CUDA_GRAPH_CALLS(CALL) \
  CALL(cuGraphCreate, cuGraphCreate, (Handle *graph, unsigned flags)) \
  CALL(cuGraphAddKernelNode, cuGraphAddKernelNode, (Handle *node, Handle graph, const Handle *before, size_t beforeCount, const KernelNode *what)) \
  CALL(cuGraphInstantiateWithFlags, cuGraphInstantiateWithFlags, (Handle *executable, Handle graph, unsigned long long flags)) \
  CALL(cuGraphExecKernelNodeSetParams, cuGraphExecKernelNodeSetParams, (Handle executable, Handle node, const KernelNode *what)) \
  CALL(cuGraphLaunch, cuGraphLaunch, (Handle executable, Handle stream)) \
  CALL(cuGraphExecDestroy, cuGraphExecDestroy, (Handle executable)) \
  CALL(cuGraphDestroy, cuGraphDestroy, (Handle graph))
// clang-format on

struct Calls {
#define PHIRT_CUDA_MEMBER(name, exported, parameters) Code(*name) parameters;
  PHIRT_CUDA_CALLS(PHIRT_CUDA_MEMBER)
  PHIRT_CUDA_GRAPH_CALLS(PHIRT_CUDA_MEMBER)
#undef PHIRT_CUDA_MEMBER
};

} // namespace phirt::cuda
