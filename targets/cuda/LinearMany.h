#pragma once
/// phi.tile_linear for passes of more than 8 tokens.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

/// Multiplies all tokens [0, count) with the panels [from, to). Built at `b`'s insertion point;
/// leaves the op where it is.
void mapManyTokens(phi::TileLinearOp op, mlir::OpBuilder &b, const Capability &capability);

} // namespace phidias::cuda
