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

static phirt::abi::ForwardArgs argumentOf(void **parameters) {
  return *static_cast<phirt::abi::ForwardArgs *>(parameters[0]);
}

Code fakecuda::checkLaunch(const FakeLaunch &launch) {
  auto *module = static_cast<FakeModule *>(launch.function);
  bool isFlat = launch.grid[1] * launch.grid[2] * launch.block[1] * launch.block[2] == 1;
  bool fits = static_cast<int>(launch.sharedBytes) <= module->sharedBytes;
  return isFlat && fits && launch.grid[0] > 0 ? kSuccess : kInvalidValue;
}

std::function<Code()> fakecuda::workOf(FakeLaunch launch) {
  bool isLost = ++state->launches == atoi(setting("FAKE_CUDA_LOSE", "0"));
  // Blocks of a plain launch that wait for each other may wait for good.
  bool waits = launch.argument.regionCount == phirt::abi::kAllRegions;
  return [launch, isLost, waits]() mutable {
    auto *kernel = state->kernel ? state->kernel : runToyKernel;
    bool runs = !isLost && waits == launch.isCooperative;
    return runs && kernel(&launch.argument, launch.grid[0], launch.block[0], launch.sharedBytes)
               ? kSuccess
               : kLaunchFailed;
  };
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
  FakeLaunch launch{function, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes,
                    true,     argumentOf(parameters)};
  int fits = blocksAtOnce(blockX, sharedBytes) * gpus()[gpuOfContext].multiprocessors;
  if (static_cast<int>(gridX) > fits || getenv("FAKE_CUDA_NO_GRIDS"))
    return kTooLarge;
  Code code = checkLaunch(launch);
  return code ? code : enqueue(stream, workOf(launch));
}
Code cuLaunchKernel(Handle function, unsigned gridX, unsigned gridY, unsigned gridZ,
                    unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                    Handle stream, void **parameters, void **) {
  ENTER();
  FakeLaunch launch{function, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes,
                    false,    argumentOf(parameters)};
  Code code = checkLaunch(launch);
  return code ? code : enqueue(stream, workOf(launch));
}
}
