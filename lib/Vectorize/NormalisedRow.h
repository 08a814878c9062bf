#pragma once
/// The rows of `phi.tile_prepare`: normalised where the op has a norm.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

class NormalisedRow {
public:
  NormalisedRow(const Emitter &e, phi::TilePrepareOp op);

  /// What follows is of the pass's token `token`.
  void enter(mlir::Value token);
  /// 16 elements from column k on, of which `left` are there and the others 0.
  mlir::Value part(mlir::Value k, int64_t left) const;

private:
  mlir::Value inverseRms() const;
  mlir::Value load(mlir::Value buffer, llvm::ArrayRef<mlir::Value> leading, mlir::Value k,
                   int64_t left) const;

  const Emitter &e;
  mutable phi::TilePrepareOp op; ///< mutable: accessors of ops are not const
  int64_t columns;
  mlir::Value norm, row, factor;
};

} // namespace phidias::vec
