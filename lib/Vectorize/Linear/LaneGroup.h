#pragma once
/// The unpacked form of a panel's group of 32 columns for machines that take a factor from a lane.

#include "dialects/phi/Panel.h"
#include "dialects/phi/PhiDialect.h"

namespace phidias::vec {

/// Rows of a vector, and vectors of a panel's rows.
inline constexpr int64_t kPartRows = 4, kParts = phi::kPanelRows / kPartRows;
inline constexpr int64_t kPartBytes = 16;

/// Where the parts of the group start, in bytes. Vectors of sums are 4 rows of a token, or with
/// `matrix` 2 rows of 2 tokens, [row][token].
///
/// What an instruction adds to is destroyed by it; from memory it comes anew at no cost of the
/// vector ports. So starts and offsets are there once for each vector of sums that a part of the
/// tile has. An i32 sum that starts at 0x4B400000 is, read as f32, 12582912 + the sum: fma(that,
/// scale, -12582912 * scale) is sum * scale, rounded once.
///
///     codes    [quad: 8][row: 16][4] i8, or [block of 8 columns: 4][row: 16][8]; signed
///     scales   [row: 16] f32, or [row][2], twice the same
///     minima   the same
///     offsets  [token of the tile, or pair of them] of the same: -12582912 * scale
///     starts   [vector of sums: 4 for each token, or pair][4] i32: 0x4B400000
struct LaneGroup {
  LaneGroup(phi::QuantizedType type, phi::ScheduleAttr schedule, bool matrix)
      : copies(schedule.getTokens() / (matrix ? 2 : 1)), lineBytes(matrix ? 128 : 64) {
    minima = scales + lineBytes;
    offsets = type.getMinimum() ? minima + lineBytes : minima;
    starts = offsets + copies * lineBytes;
    bytes = starts + copies * kParts * kPartBytes;
  }

  int64_t copies, lineBytes; ///< of offsets; of the scales
  static constexpr int64_t codes = 0, scales = 512;
  int64_t minima, offsets, starts, bytes;
};

inline constexpr int32_t kMagicBits = 0x4B400000;
inline constexpr double kMagic = 12582912;

} // namespace phidias::vec
