#pragma once
/// The unpacked form of a panel's block (Rescale.h) for machines that take a factor from a lane.

#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

namespace phidias::vec {

/// Rows of a vector, and vectors of a panel's rows.
inline constexpr int64_t kPartRows = 4, kParts = phi::kPanelRows / kPartRows;
inline constexpr int64_t kPartBytes = 16;
/// A part of a tile has 8 rows of a panel: few enough registers for several tokens.
inline constexpr int64_t kHalves = 2, kHalfRows = phi::kPanelRows / kHalves;
inline constexpr int64_t kEights = 4; ///< of columns, in a group of 32

/// Where the pieces of the block start, in bytes. Vectors of sums are 4 rows of a token, or with
/// `matrix` 2 rows of 2 tokens, [row][token]. What is loaded one after the other lies so.
///
/// What an instruction adds to is destroyed by it; from memory it comes anew at no cost of the
/// vector ports. So starts and offsets are there once for each vector of sums that a part of the
/// tile has. An i32 sum that starts at 0x4B400000 is, read as f32, 12582912 + the sum: fma(that,
/// scale, -12582912 * scale) is sum * scale, rounded once.
///
///     codes    [half][quad][row of it: 8][4] i8, or [half][8 columns][row: 8][8]; signed
///     scales   [half][row: 8] f32, or [half][row][2], twice the same
///     minima   the same
///     offsets  [half][token of the tile, or pair of them][row] of the same: -12582912 * scale
///     starts   [vector of sums of a half][4] i32: 0x4B400000
struct LaneGroup {
  LaneGroup(phi::QuantizedType type, phi::ScheduleAttr schedule, bool matrix, int64_t block)
      : copies(schedule.getTokens() / (matrix ? 2 : 1)), vectors(matrix ? 4 : 2),
        halfBytes(block * kHalfRows), scales(kHalves * halfBytes) {
    minima = scales + kHalves * lineBytes();
    offsets = type.getMinimum() ? minima + kHalves * lineBytes() : minima;
    starts = offsets + kHalves * copies * lineBytes();
    bytes = starts + copies * lineBytes();
  }

  /// Of the scales of a half.
  int64_t lineBytes() const { return vectors * kPartBytes; }

  int64_t copies, vectors; ///< of offsets; of sums that a half has for a token or pair
  int64_t halfBytes;       ///< of the codes of a half
  static constexpr int64_t codes = 0;
  int64_t scales, minima, offsets, starts, bytes;
};

inline constexpr int32_t kMagicBits = 0x4B400000;
inline constexpr double kMagic = 12582912;
/// Further from it floats of this size are no longer the whole numbers.
static_assert(127 * 127 * phi::kLargestBlock <= 1 << 22, "a block's sum");

} // namespace phidias::vec
