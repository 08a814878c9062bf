#pragma once
/// Tile ops → loops over vectors on the same buffers. Each replaces the op and erases it.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/VectorTarget.h"

namespace phidias {

void vectorize(phi::TileLinearOp op, const VectorTarget &target);
void vectorize(phi::TilePrepareOp op, const VectorTarget &target);
void vectorize(phi::TileEmbedOp op);
/// Adds globals with the frequencies to the module: not for passes that run on several functions at
/// a time.
void vectorize(phi::TileAppendOp op, mlir::OpBuilder &b, const VectorTarget &target);
void vectorize(phi::TileAttentionOp op, mlir::OpBuilder &b, const VectorTarget &target);
void vectorize(phi::TileCombineOp op, mlir::OpBuilder &b, const VectorTarget &target);

} // namespace phidias
