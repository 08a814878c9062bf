#pragma once
/// What tests may ask of the fake libcuda.so.1 beside NVIDIA's calls. It is steered by variables of
/// the environment, which it reads at each call:
///
///   FAKE_CUDA_VERSION=12040         what cuDriverGetVersion says
///   FAKE_CUDA_GPUS=C:M:B:NAME;...   compute capability, multiprocessors, bytes, name of each
///   FAKE_CUDA_FAIL=CALL:N:CODE      the N-th call of CALL from the start (or reset) on gives CODE
///   FAKE_CUDA_LOSE=N                the device is lost in the N-th launch
///   FAKE_CUDA_NO_LINK=1             the linker of PTX refuses all
///   FAKE_CUDA_NO_GRIDS=1            GPUs launch no cooperative grids
///   FAKE_CUDA_LOG=FILE              every call's name, a line each

#include <cstddef>

namespace fakecuda {

/// What a launch does in place of a kernel: `argument` is the first parameter. False: a fault.
using Kernel = bool(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes);

struct Control {
  void (*reset)();             ///< forgets faults, counts and all that is still held
  void (*setKernel)(Kernel *); ///< null: the toy model
  size_t (*held)();            ///< allocations, streams, events, modules and contexts in use
  size_t (*calls)(const char *name);
  size_t (*copiedBack)(); ///< bytes, from the device
};

} // namespace fakecuda

extern "C" const fakecuda::Control *fakeCudaControl();
