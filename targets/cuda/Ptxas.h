#pragma once
#include "phidias/Target/Target.h"

namespace phidias::cuda {

/// Assembles every image with NVIDIA's ptxas, where it is on PATH or in CUDA_HOME/bin; else none.
llvm::Expected<std::vector<AssembledImage>> runPtxas(const DeviceProgram &program);

} // namespace phidias::cuda
