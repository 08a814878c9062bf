#pragma once
/// Codes of a codebook in blocks of some groups, so that a long pass rescales its sums once a block
/// and not once a group of 32 columns: activations are rounded on one scale for a block, and codes
/// become 8 bits on one scale for it.
///
/// Of a row, group g has the scale s[g], S is the largest magnitude of these. With
/// m[g] = round(127 s[g] / S), the entry c of the codebook becomes round(c m[g] / 128), on the
/// scale 128 / 127 S, of which the last three bits are cleared (3 times it is exact then, which
/// LaneGroup.h needs): a rounding by 1/2 at
/// most, where the codebook's steps are 11 and more in the group of the largest scale, and less in
/// others as their scales are.

#include "Codes.h"

namespace phidias::vec {

/// Some rows of a panel; f32 vectors have a lane for each.
class BlockScale {
public:
  /// `scales`: of the row's groups.
  BlockScale(const Emitter &e, llvm::ArrayRef<mlir::Value> scales);

  /// f32: what the rescaled codes stand for.
  mlir::Value scale() const;
  /// i8: each row's m of a group, repeated for its four codes.
  mlir::Value multipliers(mlir::Value groupScale) const;
  /// `entries`: signed, of the codebook, four of each row.
  mlir::Value rescaled(mlir::Value entries, mlir::Value multipliers) const {
    return phi::RescaleOp::create(e.b, e.loc, entries.getType(), entries, multipliers);
  }

private:
  const Emitter &e;
  mlir::Value largest, inverse;
};

} // namespace phidias::vec
