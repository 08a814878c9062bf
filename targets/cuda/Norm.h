#pragma once
/// What an RMS norm multiplies a row by.

#include "targets/cuda/Quads.h"

namespace phidias::cuda {

/// The thread's own sum of squares: of the columns thread, thread + kBlockThreads, ... of
/// rows[row, :], memref<?xNxf32>; or of its quads.
mlir::Value squaresOf(const Block &b, mlir::Value rows, mlir::Value row);
mlir::Value squaresOf(const Block &b, const Quads &quads);

/// 1 / sqrt(mean + eps), the same for each thread of the block; `squares`: the thread's own sum of
/// a row of `columns`. Begins with a barrier; takes the first kWarps words of shared memory.
mlir::Value inverseRms(const Block &b, mlir::Value squares, int64_t columns, double eps);

} // namespace phidias::cuda
