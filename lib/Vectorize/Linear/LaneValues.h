#pragma once
/// What the records of tokens give to vectors of 4 lanes: loaded as whole vectors, of which a lane
/// is repeated.

#include "Codes.h"

namespace phidias::vec {

/// Records and tokens are those of a kernel: `record` is LinearContext::record of token `token`.
struct LaneValues {
  const LinearContext &c;

  /// The 4 codes of a token in quad `quad` (0 .. 7) of a group, for each lane: vector<16xi8>.
  mlir::Value quad(mlir::Value record, int64_t token, mlir::Value group, int64_t quad) const;
  /// The group's scale, or its number `group` of the sums, in each lane.
  mlir::Value scale(mlir::Value record, int64_t token, mlir::Value group) const;
  mlir::Value sum(mlir::Value record, int64_t token, mlir::Value group) const;       ///< i32
  mlir::Value scaledSum(mlir::Value record, int64_t token, mlir::Value group) const; ///< f32

  // Of pairs: [token][8] codes of block `block` (0 .. 3) of a group, and [2][token] scales and
  // sums.
  mlir::Value pairBlock(mlir::Value record, mlir::Value group, int64_t block) const;
  mlir::Value pairScales(mlir::Value record, mlir::Value group) const;
  mlir::Value pairSums(mlir::Value record, mlir::Value group) const;

private:
  mlir::Value word(mlir::Value buffer, int64_t part, mlir::Value record, int64_t token,
                   mlir::Value group) const;
  mlir::Value pairWords(mlir::Value buffer, int64_t part, mlir::Value record,
                        mlir::Value group) const;
};

} // namespace phidias::vec
