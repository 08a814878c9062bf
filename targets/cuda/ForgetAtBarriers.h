#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace phidias::cuda {

/// What a stage computes of its pieces is cheap, but LLVM would keep it for stages after it that
/// compute the same, and take the registers that the tiles' code needs: a function that is called
/// has what its caller leaves. After each barrier the numbers of a pass are made to look new.
void forgetAtBarriers(mlir::ModuleOp module);

} // namespace phidias::cuda
