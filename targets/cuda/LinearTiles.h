#pragma once
/// The tiles of a long pass of a linear, panels by tokens. A share of the panels stands for the
/// same share of the tiles of all panels by all tokens, the panels of the first tokens first:
/// blocks have as much to do as each other also where panels are few, and those that are a few
/// shares apart read the same weights at one time.

#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

struct LinearTiles {
  const vec::Emitter &e;
  mutable phi::TileLinearOp op; ///< accessors of ops are not const
  int64_t results, tokens;      ///< of a tile: panels of the result, tokens

  int64_t panels() const {
    return llvm::divideCeil(op.getRows() / (op.getGated() ? 2 : 1), phi::kPanelRows);
  }
  /// How many tiles come before the share that begins with `panel`.
  mlir::Value before(mlir::Value panel) const {
    mlir::Value all = e.mul(e.ceilDiv(op.getCount(), tokens), groups());
    return e.ceilDiv(e.mul(panel, all), panels());
  }
  /// The first panel of the result, and the first token, of tile `number` of all.
  mlir::Value panel(mlir::Value number) const { return e.mul(e.rem(number, groups()), results); }
  mlir::Value token(mlir::Value number) const { return e.mul(e.div(number, groups()), tokens); }

private:
  int64_t groups() const { return llvm::divideCeil(panels(), results); }
};

} // namespace phidias::cuda
