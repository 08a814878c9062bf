#pragma once
/// One row of a panel: what a thread loads of it, and what codes stand for.

#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Quads.h"

namespace phidias::cuda {

inline constexpr int64_t kStepQuads = phi::kStepColumns / kQuad;

struct PanelRow {
  const Block &b;
  mlir::Value weights;
  mlir::Type element;
  phi::StepLayout step;
  mlir::Value panel, row; ///< index: the panel's first byte; 0 .. 15

  /// The first byte of the step that has the quad.
  mlir::Value stepOf(mlir::Value quad) const;
  /// vector<count x type>: what the row has in entry `which` of a table of 16 rows that starts at
  /// byte `start`.
  mlir::Value load(mlir::Type type, int64_t count, mlir::Value start, mlir::Value which) const;
  /// The one element of that.
  mlir::Value loadOne(mlir::Type type, mlir::Value start, mlir::Value which) const;
};

/// What the codes of a quad are made of, as loaded: valuesOf takes them as the quad's x.
vec::Values loadCodes(const PanelRow &row, mlir::Value quad);
/// Four f32.
vec::Values valuesOf(const Block &b, phi::QuantizedType type, const Quad &loaded);

} // namespace phidias::cuda
