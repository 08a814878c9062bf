#pragma once
#include "phidias/Target/Target.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

/// A kernel of the module that phi-cuda-map-tiles has left, as PTX for each of `capabilities`.
/// Changes the module.
llvm::Expected<DeviceProgram>
emitPtx(mlir::ModuleOp module, llvm::ArrayRef<const Capability *> capabilities, DeviceText text);

} // namespace phidias::cuda
