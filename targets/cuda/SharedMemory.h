#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace phidias::cuda {

/// Notes in `phi.shared_bytes` of the module how much shared memory the views of it reach into.
/// Fails on a view that starts at no constant.
mlir::LogicalResult noteSharedBytes(mlir::ModuleOp module);
/// What it says; 0 where there is none.
int64_t sharedBytes(mlir::ModuleOp module);
/// What a kernel has beside that, at most: eight counters of loops (Counters.h).
inline constexpr int64_t kCounterBytes = 64;

/// Makes `space` (null: none) of the address space that a block shares, in all types.
void replaceSharedSpace(mlir::ModuleOp module, mlir::Attribute space);

} // namespace phidias::cuda
