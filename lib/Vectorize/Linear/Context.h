#pragma once
/// What the code of a phi.tile_linear works with.

#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"
#include "phidias/Vectorize/VectorTarget.h"

namespace phidias::vec {

/// Rows of a panel, and f32 lanes of every vector here: a target with shorter vectors has them cut.
inline constexpr int64_t kLanes = phi::kPanelRows;

struct LinearContext {
  LinearContext(mlir::OpBuilder &b, phi::TileLinearOp op, const VectorTarget &target);

  Emitter e;
  VectorTarget target;
  mutable phi::TileLinearOp op; ///< mutable: accessors of ops are not const
  phi::ScheduleAttr schedule;
  mlir::Type element;
  phi::StepLayout step;       ///< bytes of a step
  phi::ActivationLayout acts; ///< bytes of a token's record
  int64_t block; ///< columns of which a long pass adds up the products as integers (Rescale.h)
  int64_t steps; ///< of a panel
  mlir::Value words, floats; ///< the activations as memref<?xi32>, memref<?xf32>

  int64_t panelBytes() const { return steps * step.bytes; }
  /// The byte of the weights where panel `panel` starts.
  mlir::Value panelStart(mlir::Value panel) const;
  /// 64 bytes of the weights from `start + at` on.
  mlir::Value line(mlir::Value start, int64_t at) const;
  /// 16 f16 of the weights, as f32.
  mlir::Value halves(mlir::Value start, int64_t at) const;

  /// One word of the activations in every lane; `record` is the first byte of the token's, divided
  /// by 4.
  mlir::Value broadcastWord(mlir::Value record, mlir::Value at) const;
  mlir::Value broadcastFloat(mlir::Value record, mlir::Value at) const;
  /// The first byte of the record that has token `first + token`, divided by 4. Where two tokens
  /// share a record `first` is even, so that `token` says which of the two it is.
  mlir::Value record(mlir::Value first, int64_t token) const;
};

} // namespace phidias::vec
