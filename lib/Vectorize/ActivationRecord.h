#pragma once
/// A token's part of what `phi.tile_prepare` leaves (dialects/phi/Activations.h), as code that
/// writes it.

#include "dialects/phi/Activations.h"
#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::vec {

class ActivationRecord {
public:
  ActivationRecord(const Emitter &e, phi::TilePrepareOp op, const phi::ActivationLayout &acts)
      : e(e), op(op), acts(acts) {}

  /// What follows is of the pass's token `token`.
  void enter(mlir::Value token);

  /// 16 f32 from column k on, as the activations' type: f32, or rounded to bf16.
  void storeFloats(mlir::Value part, mlir::Value k) const;
  /// 16 i8 from column k on.
  void storeCodes(mlir::Value codes, mlir::Value k) const;
  /// The word of group (or block) `group` in the part of the record that starts at byte `part`.
  void storeWord(mlir::Value word, mlir::Value group, int64_t part) const;

private:
  void storeBytes(mlir::Value lanes, int64_t bytes, mlir::Value at) const;

  const Emitter &e;
  mutable phi::TilePrepareOp op; ///< mutable: accessors of ops are not const
  const phi::ActivationLayout &acts;
  mlir::Value record; ///< its first byte; of a pair, of both
  mlir::Value second; ///< pairs: 1 for the second token of one
};

} // namespace phidias::vec
