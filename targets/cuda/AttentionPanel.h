#pragma once
/// What a warp does with a panel of 16 positions: scores of some rows, and weighted sums of its
/// values.
///
/// A lane loads 16 bytes of keys at a time, `positions` positions of a channel (i8: of a word of
/// four channels), next to those of its neighbours. What lanes found for the same position is then
/// added up so that each lane is left with one position: `position`, the same for lane and
/// lane + 16.

#include "targets/cuda/AttentionItem.h"

namespace phidias::cuda {

/// Rows that a warp works on together, at places known at compile time.
struct FewShape {
  explicit FewShape(const Attend &a);

  int64_t rows;
  // Keys.
  int64_t positions; ///< of a load
  int64_t sharing;   ///< lanes that share a channel, or word
  int64_t keyLoads;  ///< of a panel
  // Values.
  int64_t width;      ///< channels of a load
  int64_t units;      ///< loads of a row of channels
  int64_t unitLanes;  ///< lanes that share a position, or quad of four; a power of two
  int64_t laneUnits;  ///< loads of a lane for the same position, or quad
  int64_t valueTurns; ///< for the whole panel
  // Shared memory, in bytes.
  int64_t queries;     ///< f32 [rows][channels, 0 after the last]; i8: i8 [rows][D] codes
  int64_t queryScales; ///< i8: f32 [rows][D / 32]
  int64_t largest;     ///< f32 [warp][rows]
  int64_t weights;     ///< f32 [warp][rows]
  int64_t sums;        ///< f32 [warp][rows][sumFloats]

  /// Of a row of queries.
  int64_t queryChannels(const Attend &a) const;

  // A row of sums: pieces of a load, four channels or fewer, first pieces first, so that lanes side
  // by side store side by side; 16 banks between a load's pieces, so that they load so too.
  int64_t piece() const { return std::min<int64_t>(width, 4); }
  int64_t pieceFloats() const { return llvm::alignTo(units * piece() + 16, 32) - 16; }
  int64_t sumFloats() const { return width / piece() * pieceFloats(); }
  /// Where a channel lies in it.
  mlir::Value sumPlace(const Block &e, mlir::Value channel) const;
};

/// Puts the queries of the item's rows from `row` on into shared memory.
void leaveQueries(const Attend &a, const FewShape &shape, const AttendItem &item, mlir::Value row);

/// The lane's position in a panel.
mlir::Value lanePosition(const Attend &a, const FewShape &shape);
/// The lane whose position is `position`.
mlir::Value laneOf(const Attend &a, const FewShape &shape, mlir::Value position);

/// Scores of the lane's position, [rows].
vec::Values scorePanel(const Attend &a, const FewShape &shape, const AttendItem &item,
                       mlir::Value panel);

/// The panel's values as they lie in memory.
struct PanelValues {
  vec::Values words;  ///< [turn][unit]
  vec::Values scales; ///< i8: [turn][unit][position of the quad], f32
};
PanelValues loadValues(const Attend &a, const FewShape &shape, const AttendItem &item,
                       mlir::Value panel);
/// sums[row][unit] + weights * values; sums are vectors of `width` f32, weights those of the lane's
/// position.
vec::Values addPanel(const Attend &a, const FewShape &shape, const PanelValues &values,
                     mlir::ValueRange weights, mlir::ValueRange sums);

} // namespace phidias::cuda
