#pragma once
/// From tile ops on buffers to vector code; one function for each op, which it replaces.

#include "dialects/phi/PhiDialect.h"

namespace phidias::vec {

void vectorize(phi::TileLinearOp op);
void vectorize(phi::TilePrepareOp op);
void vectorize(phi::TileEmbedOp op);

/// Bytes that the scratch of a thread must have for a pass of at most `maxTokens`.
int64_t linearScratchBytes(phi::TileLinearOp op, int64_t maxTokens);

} // namespace phidias::vec
