#pragma once
/// The rows of phi.tile_prepare: normalised, and rotated where the weight is. A row that is one
/// turn is loaded once, the norm's sum of squares included.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Capability.h"
#include "targets/cuda/Quads.h"

namespace phidias::cuda {

class PrepareRow {
public:
  /// `padded`: columns of a record.
  PrepareRow(const Block &b, phi::TilePrepareOp op, int64_t padded);

  /// The row of the pass's token `token`.
  void enter(mlir::Value token);
  void load(Quads &quads);

  /// f32: whole numbers from -127 to 127; `largest`: magnitude in the quad's group.
  vec::Values rounded(const Quad &quad, mlir::Value largest) const;
  /// What a group's scale is of its largest magnitude. The rotation's factor is taken back here.
  mlir::Value step() const;

private:
  double eps() { return op.getEps()->convertToDouble(); }
  void normalise(Quads &quads);

  const Block &b;
  phi::TilePrepareOp op;
  int64_t columns, padded;
  bool isOneTurn, rotated = false;
  mlir::Value norm, row, factor;
};

/// Leaves the tokens [from, to) of `op` as wide rows (WideRow.h).
void prepareWide(const Block &b, phi::TilePrepareOp op, const Capability &capability);

} // namespace phidias::cuda
