#pragma once
/// phi.tile_linear for passes of few tokens: bound by the weights' bytes, which each block reads
/// once, several steps ahead, with all of its threads.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

inline constexpr int64_t kMostOfFew = 8; ///< tokens of the widest kernel

/// Multiplies the tokens [first, first + tokens) of `op`, of which those below `count` are stored;
/// `tokens` is 1, 2, 4 or 8. Built at `b`'s insertion point; leaves the op where it is.
void mapFewTokens(phi::TileLinearOp op, mlir::OpBuilder &b, mlir::Value first, int64_t tokens,
                  const Capability &capability);

} // namespace phidias::cuda
