#pragma once
/// Keys and values of one token into the cache.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// The kv heads [first, first + count) of rows[token, :], whose keys have been rotated and are seen
/// by all threads of the block, go to `position` of the op's layer. No barrier.
void storeHeads(const Block &b, phi::TileAppendOp op, mlir::Value token, mlir::Value position,
                mlir::Value first, mlir::Value count);

} // namespace phidias::cuda
