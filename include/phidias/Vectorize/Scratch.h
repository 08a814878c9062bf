#pragma once
/// Bytes of the arena that a thread needs to itself while it works on a tile op.

#include "dialects/phi/PhiDialect.h"

namespace phidias {

struct VectorTarget;

/// For phi.tile_linear in passes of at most `maxTokens`.
int64_t linearScratchBytes(phi::TileLinearOp op, int64_t maxTokens, const VectorTarget &target);

/// For phi.tile_append: cosine and sine of each frequency.
int64_t appendScratchBytes(int64_t frequencies);

/// For phi.tile_attention with the same cache type, heads and tokens.
/// `lib/Vectorize/AttentionShape.cpp` lists the parts.
int64_t attentionScratchBytes(phi::CacheType cache, int64_t heads, int64_t tokens,
                              const VectorTarget &target);

/// The parts of a split phi.tile_attention are whole blocks of so many positions.
inline constexpr int64_t kAttentionBlock = 64;

/// Tokens of a block that make some 64 rows of a kv head's query heads: what a long pass does best
/// with.
int64_t attentionTokens(int64_t heads, int64_t kvHeads);

} // namespace phidias
