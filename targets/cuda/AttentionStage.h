#pragma once
/// Blocks of keys and values in shared memory, as f16, where ldmatrix takes them from. In units of
/// 16 bytes, for D channels:
///
///     keys    [panel of 16 positions][channel][half of the panel]; halves of channels whose
///             number has the bit 4 are swapped, so that 8 neighbouring channels lie in all banks
///     values  [position][channel / 8], rows of an odd number of units: the same for 8 positions

#include "targets/cuda/AttentionItem.h"

namespace phidias::cuda {

inline constexpr int64_t kUnit = 16; ///< bytes

struct StageShape {
  explicit StageShape(const Attend &a) : headDim(a.headDim) {}

  int64_t headDim;
  int64_t panelUnits() const { return 2 * headDim; }
  int64_t valuesAt() const { return panelUnits() * 4; }
  int64_t rowUnits() const { return headDim / 8 | 1; }
  int64_t units() const { return valuesAt() + kBlockPositions * rowUnits(); }
};

/// Brings the block of positions from `start` on to unit `to` of shared memory. Whoever reads it
/// calls waitCopies(0) and meets a barrier first. Values behind the item's last position become 0.
void fillStage(const Attend &a, const AttendItem &item, mlir::Value start, mlir::Value to);

/// i8: each thread widens some codes.
void widenStage(const Attend &a, const AttendItem &item, mlir::Value start, mlir::Value to);

} // namespace phidias::cuda
