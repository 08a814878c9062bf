#pragma once
/// How weights lie in the weights file for the fast pipeline: rows in panels of 16, columns in
/// steps of 64; a step is lines of 64 bytes. See `Panel.md` beside this file for the bytes of each
/// format.

#include "mlir/IR/Types.h"

namespace phidias::phi {

inline constexpr int64_t kPanelRows = 16;
inline constexpr int64_t kStepColumns = 64;
inline constexpr int64_t kLineBytes = 64;

/// Where the parts of a step start, in bytes from its first; -1 where the format has no such part.
struct StepLayout {
  int64_t codes = 0;   ///< codes, or their low four bits; plain elements
  int64_t high = -1;   ///< bits 4 and 5 of 6-bit codes
  int64_t scales = -1; ///< f16 [half][row], or i8 [quarter][row]
  int64_t minima = -1; ///< f16 [half][row]
  int64_t super = -1;  ///< f32 [row]
  int64_t bytes = 0;   ///< of the whole step
};

/// Of an element type that a weight may have: f32, f16, bf16 or !phi.quantized.
StepLayout stepLayout(mlir::Type element);

/// Bytes of a matrix in panels.
int64_t panelBytes(mlir::Type element, int64_t rows, int64_t columns);

} // namespace phidias::phi
