#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace phidias::cuda {

/// Notes in `phi.shared_bytes` of the module how much shared memory the views of it reach into.
/// Fails on a view that starts at no constant.
mlir::LogicalResult noteSharedBytes(mlir::ModuleOp module);
/// What it says; 0 where there is none.
int64_t sharedBytes(mlir::ModuleOp module);
/// The variable of it, as LLVM IR and PTX have it. wgmma's swizzle goes by addresses, and wants it
/// at a multiple of this.
inline constexpr llvm::StringLiteral kShared = "phi_shared";
inline constexpr int64_t kSharedAlignment = 1024;
/// Behind that lie eight counters of loops, at most (Counters.h).
inline constexpr int64_t kCounterBytes = 64;
inline int64_t countersAt(mlir::ModuleOp module) { return llvm::alignTo(sharedBytes(module), 8); }

/// Makes `space` (null: none) of the address space that a block shares, in all types.
void replaceSharedSpace(mlir::ModuleOp module, mlir::Attribute space);

} // namespace phidias::cuda
