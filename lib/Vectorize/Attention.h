#pragma once
/// The steps of a phi.tile_attention; each emits its code at the emitter's place.

#include "AttentionShape.h"
#include "phidias/Vectorize/CacheRegion.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

/// The parts of the scratch as typed buffers; see ScratchParts for what they hold. Absent ones are
/// null.
struct AttentionBuffers {
  mlir::Value queries, queryScales, seeds, scores, codes, scales, largestScales, peaks, inverses,
      largest, fresh, keep, sums, out, widened;
  mlir::Value
      codeWords; ///< codes, four positions at a time: memref<(rows * (D/32) * 2) x 16 x i32>
  mlir::Value queryWords; ///< i8 cache: the codes four at a time, memref<rows x (D/4) x i32>
};

/// An item: a block of tokens for a kv head. Index values.
struct AttentionItem {
  mlir::Value head;          ///< kv head
  mlir::Value token, tokens; ///< first of the pass, and how many
  mlir::Value rows;          ///< tokens * group; row = token * group + query head of the group
  mlir::Value first, last;   ///< positions of the first and the last token
  mlir::Value split;         ///< which part of the positions; null: all of them
  CacheRegion region;
};

/// A block of positions. Index values.
struct PositionBlock {
  mlir::Value start; ///< a multiple of kPositions
  mlir::Value valid; ///< how many of its positions the last token sees, from its start on
};

constexpr int64_t kLargestCode = 16383; ///< of a weight: 14 bits

struct Attention {
  const Emitter &e;
  mutable phi::TileAttentionOp op; ///< a handle; its accessors are not const
  AttentionShape shape;
  AttentionBuffers buffers;
};

void loadQueries(const Attention &a, const AttentionItem &item);
void scorePositions(const Attention &a, const AttentionItem &item, const PositionBlock &block);
void scorePositionsI8(const Attention &a, const AttentionItem &item, const PositionBlock &block);
void softmaxPositions(const Attention &a, const AttentionItem &item, const PositionBlock &block);
void addValues(const Attention &a, const AttentionItem &item, const PositionBlock &block);
void addValuesI8(const Attention &a, const AttentionItem &item, const PositionBlock &block);

void storeResult(const Attention &a, const AttentionItem &item);

/// Calls body(row, token of the pass, query head).
void forRows(const Attention &a, const AttentionItem &item,
             llvm::function_ref<void(mlir::Value, mlir::Value, mlir::Value)> body);

/// Calls `body(row, n)` for tiles of `most` rows (a power of two) and then for what is left, in
/// powers of two.
void forRowTiles(const Attention &a, mlir::Value rows, int64_t most,
                 llvm::function_ref<void(mlir::Value, int64_t)> body);

/// A vector of a strip of keys: where it lies in the region.
struct KeyVector {
  mlir::Value panel, position; ///< position within the panel
};
/// The `vectors` vectors of strip `strip`; those beyond the last position repeat the last panel:
/// nobody looks at them.
llvm::SmallVector<KeyVector> keyVectors(const Attention &a, const AttentionItem &item,
                                        const PositionBlock &block, mlir::Value strip,
                                        int64_t vectors);

/// Element `first + j` of row `row` of `rows` in `lanes` lanes. With value_lanes its neighbours are
/// loaded with it: `first` is then a multiple of 4, and rows go on to the next one.
mlir::Value factor(const Attention &a, mlir::Value rows, mlir::Value row, mlir::Value first,
                   int64_t j, int64_t lanes);

/// The sums after body(k, factor, sums) for all k in [0, to); factor(rows, row, lanes) is element k
/// of row `row`, in `lanes` lanes. With value_lanes four k are a turn of the loop.
using Factor = llvm::function_ref<mlir::Value(mlir::Value, mlir::Value, int64_t)>;
Values sumOver(const Attention &a, mlir::Value to, Values sums,
               llvm::function_ref<Values(mlir::Value, Factor, mlir::ValueRange)> body);

/// acc[r][v] += sum over k in [0, to) of left[row + r, k] * right(k, v); acc is [rows][vectors] in
/// one list.
Values multiplyTile(const Attention &a, mlir::Value to, mlir::Value left, mlir::Value row,
                    int64_t rows, int64_t vectors, Values acc,
                    llvm::function_ref<mlir::Value(mlir::Value, int64_t)> right);

} // namespace phidias::vec
