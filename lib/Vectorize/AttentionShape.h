#pragma once
/// What the code of one phi.tile_attention depends on at compile time: sizes, register tiles, parts
/// of the scratch.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/VectorTarget.h"

namespace phidias::vec {

/// Positions between what is fetched and what is at work.
constexpr int64_t kAhead = 64;
/// Of a block: what is scored before the softmax moves on.
constexpr int64_t kPositions = kAttentionBlock;

/// Where the parts of a thread's scratch start, in bytes. Rows are tokens * group, rounded up to 16
/// where vectors run over rows; D: channels of a head.
struct ScratchParts {
  int64_t queries;     ///< f32 [rows][D], scaled; i8 cache: i8 codes
  int64_t queryScales; ///< i8 cache: f32 [rows][D/32]
  int64_t seeds;       ///< i8 cache: i32 [rows][D/32], -128 * sum of the codes
  int64_t scores;      ///< f32 [rows][64], then the weights
  int64_t codes; ///< i8 cache, few rows: i8 [rows][D/32][2][64], weights: high 7 bits, low 7 bits
  int64_t
      scales; ///< i8 cache, few rows: f32 [D/32][64], scales of the values / the largest of them
  int64_t largestScales; ///< i8 cache, few rows: f32 [D/32]
  int64_t peaks;         ///< i8 cache, few rows: f32 [rows], the block's largest weight
  int64_t inverses;      ///< i8 cache, few rows: f32 [rows], 16383 / peak
  int64_t largest;       ///< f32 [rows], the largest score so far
  int64_t fresh;         ///< f32 [rows], the same with this block
  int64_t keep;          ///< f32 [rows], e^(largest - fresh)
  int64_t sums;          ///< f32 [rows][lanes], sums of the weights
  int64_t out;           ///< f32 [rows][D]
  int64_t widened;       ///< many rows and no f32 cache: f32, a strip of keys or values
  int64_t end;
};

struct AttentionShape {
  AttentionShape(phi::CacheType cache, int64_t heads, int64_t tokens, const VectorTarget &target);

  mlir::Type element;
  int64_t headDim, kvHeads, group; ///< group: query heads of a kv head
  int64_t tokens, lanes;
  bool signedCodes; ///< keys are multiplied as code - 128, so that no seed is needed
  bool valueLanes;  ///< factors are loaded `lanes` at a time and repeated from a lane
  int64_t rows, paddedRows;
  /// Many rows: keys and values are widened to f32 once for all of them.
  bool wide;
  /// Register tile of the f32 products, rows x vectors, and of the integer ones.
  int64_t tileRows, tileVectors, dotRows, dotVectors;

  bool isI8() const { return element.isInteger(8); }
  bool widensKeys() const { return wide && element.isF16(); }
  bool widensValues() const { return wide && !element.isF32(); }
  /// Weights become codes of 14 bits, for integer products with the values.
  bool codesWeights() const { return isI8() && !wide; }
  int64_t groups() const { return headDim / 32; } ///< of channels that share a scale
  /// Whether some block has a number of rows with this bit set.
  bool hasRemainder(int64_t bit) const;
  ScratchParts scratch() const;
};

} // namespace phidias::vec
