#pragma once
/// A row in groups of 32 columns, one a warp: a lane is a column.

#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// Groups [0, groups): warp w of the block takes w, w + kWarps, ... `load` is called for some of
/// them before `use` is for the first of these, so that their loads are under way together. Neither
/// may have a barrier; both may shuffle.
void eachGroup(const Block &b, int64_t groups, llvm::function_ref<vec::Values(mlir::Value)> load,
               llvm::function_ref<void(mlir::Value, mlir::ValueRange)> use);

/// The lanes' values times `H[i][j] = (-1)^popcount(i & j)`: sqrt(32) times the rotation of
/// !phi.quantized, which the caller takes back where it costs least.
mlir::Value rotate(const Block &b, mlir::Value x);

/// A lane's column of a group. Beyond `columns` it is the last one, and `orZero` makes a value 0.
struct Column {
  mlir::Value number; ///< index
  mlir::Value exists; ///< i1; null: all do
  mlir::Value orZero(const Block &b, mlir::Value value) const;
};
Column columnOf(const Block &b, mlir::Value group, int64_t columns);

} // namespace phidias::cuda
