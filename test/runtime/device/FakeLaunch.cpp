// The fake driver: what runs a kernel, which is the toy model or a test's own.

#include "FakeState.h"
#include "ToyKernel.h"
#include "phirt/abi.h"
#include <algorithm>
#include <cstdlib>

using namespace fakecuda;

static int blocksAtOnce(int blockThreads, size_t sharedBytes) {
  return static_cast<int>(
      std::min<size_t>(2048 / blockThreads, (228 << 10) / (sharedBytes + 1024)));
}

extern "C" {
Code cuFuncSetAttribute(Handle function, FunctionAttribute attribute, int value) {
  ENTER();
  if (attribute != FunctionAttribute::MaxDynamicSharedBytes || value > 227 << 10)
    return kInvalidValue;
  static_cast<FakeModule *>(function)->sharedBytes = value;
  return kSuccess;
}
Code cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Handle, int blockThreads,
                                                 size_t sharedBytes) {
  ENTER();
  *blocks = blocksAtOnce(blockThreads, sharedBytes);
  return kSuccess;
}
Code cuLaunchCooperativeKernel(Handle function, unsigned gridX, unsigned gridY, unsigned gridZ,
                               unsigned blockX, unsigned blockY, unsigned blockZ,
                               unsigned sharedBytes, Handle stream, void **parameters) {
  ENTER();
  int fits = blocksAtOnce(blockX, sharedBytes) * gpus()[gpuOfContext].multiprocessors;
  if (static_cast<int>(gridX) > fits)
    return kTooLarge;
  if (gridY * gridZ * blockY * blockZ != 1 ||
      static_cast<int>(sharedBytes) > static_cast<FakeModule *>(function)->sharedBytes)
    return kInvalidValue;
  bool isLost = ++state->launches == atoi(setting("FAKE_CUDA_LOSE", "0"));
  auto argument = *static_cast<phirt::abi::ForwardArgs *>(parameters[0]);
  return enqueue(stream, [=]() mutable {
    auto *kernel = state->kernel ? state->kernel : runToyKernel;
    return !isLost && kernel(&argument, gridX, blockX, sharedBytes) ? kSuccess : kLaunchFailed;
  });
}
}
