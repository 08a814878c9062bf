#pragma once
/// What an RMS norm multiplies a row by.

#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// 1 / sqrt(mean of squares of rows[row, :] + eps), the same for each thread of the block; rows:
/// memref<?xNxf32>. Begins with a barrier; takes the first kWarps words of shared memory.
mlir::Value inverseRms(const Block &b, mlir::Value rows, mlir::Value row, double eps);

} // namespace phidias::cuda
