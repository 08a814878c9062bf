#pragma once
/// What the kernels of phi.tile_attention share: the op's sizes, its items, and where a row's
/// result goes.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Scratch.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

inline constexpr int64_t kBlockPositions = kAttentionBlock;

/// What the code of one op depends on at compile time.
struct Attend {
  Attend(const Block &e, phi::TileAttentionOp op);

  const Block &e;
  mutable phi::TileAttentionOp op; ///< a handle; its accessors are not const
  mlir::Type element;              ///< of the cache
  int64_t heads, kvHeads, headDim;
  int64_t group;  ///< query heads of a kv head
  int64_t tokens; ///< of an item, at most

  bool isI8() const { return element.isInteger(8); }
  int64_t bytes() const { return element.getIntOrFloatBitWidth() / 8; }
  int64_t groups() const; ///< of channels that share a scale
  int64_t rows() const { return group * tokens; }
  mlir::Value splits() const; ///< opaque: a division by them is short; null: none
};

/// Where the keys and values of a kv head start, in bytes of the cache. See !phi.cache.
struct CachePlace {
  mlir::Value keys, values;
  mlir::Value keyScales, valueScales; ///< i8
};

/// A block of tokens for a kv head, or a part of the positions that it sees. Index values.
struct AttendItem {
  mlir::Value index;       ///< of the op's items
  mlir::Value head;        ///< kv head
  mlir::Value token;       ///< first of the pass
  mlir::Value rows;        ///< tokens * group; row = token * group + query head of the group
  mlir::Value first, last; ///< positions of the first and the last token
  mlir::Value from, to;    ///< positions to attend to; from: a multiple of kBlockPositions
  mlir::Value split;       ///< null: all positions
  CachePlace cache;
};

/// Calls body for each item of the op. The same for all threads of the block.
void eachItem(const Attend &a, llvm::function_ref<void(const AttendItem &)> body);

/// The same item, found out again here: what is not kept takes no registers.
AttendItem again(const Attend &a, const AttendItem &item);
/// The same of where it lies in the cache alone.
CachePlace placeAgain(const Attend &a, const AttendItem &item);

/// A row of an item, which must be one of its rows.
struct AttendRow {
  mlir::Value token, head; ///< of the pass, and query head
  mlir::Value position;    ///< what it sees last
};
AttendRow rowOf(const Attend &a, const AttendItem &item, mlir::Value row);

/// i1: whether the row sees the position, one before the end of what has been appended.
mlir::Value sees(const Attend &a, const AttendRow &row, mlir::Value position);

/// Channel of a query times the op's scale, f32; and an even one with the next.
mlir::Value query(const Attend &a, const AttendRow &row, mlir::Value channel);
mlir::Value queryPair(const Attend &a, const AttendRow &row, mlir::Value channel);

/// The sum over positions of weight times value for some channels of a row, f32 or an aligned
/// vector of it, and what the weights add up to. To result, or as it is to partials.
void storeSums(const Attend &a, const AttendItem &item, const AttendRow &row, mlir::Value channel,
               mlir::Value sums, mlir::Value weights);
/// Nothing where the op has no partials.
void storeWeights(const Attend &a, const AttendItem &item, const AttendRow &row,
                  mlir::Value largest, mlir::Value weights);

/// e^x of an f32 or a vector of it, x <= 0.
mlir::Value expOfNegative(const Block &e, mlir::Value x);

inline constexpr float kLowest = -3.402823466e38f; ///< the largest score of a row that saw nothing

} // namespace phidias::cuda
