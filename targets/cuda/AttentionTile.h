#pragma once
/// A warp's tile of a long attention: 16 rows by half of the positions of each block.
///
/// With lane = 4g + t it has rows g and g + 8 ("row 0" and "row 1") in C fragments of 8 columns:
/// elements (row 0, 2t), (row 0, 2t + 1), (row 1, 2t), (row 1, 2t + 1).

#include "targets/cuda/AttentionStage.h"

namespace phidias::cuda {

inline constexpr int64_t kTileRows = 16; ///< of a warp
inline constexpr int64_t kTiles = 4;  ///< of rows, in a block; the warps w and w + kTiles share one
inline constexpr int64_t kPanels = 2; ///< of 16 positions, that a warp has of each block

/// What moves on from block to block.
struct TileState {
  mlir::Value largest[2]; ///< of a row
  mlir::Value weights[2]; ///< sum of the lane's weights of a row
  vec::Values sums;       ///< [channel / 8][4]

  vec::Values all() const;
  static TileState of(mlir::ValueRange values);
};

struct TileRows {
  TileRows(const Attend &a, const AttendItem &item, mlir::Value firstRow);

  mlir::Value half;   ///< which of the block's positions: 0 or 1
  mlir::Value row[2]; ///< in the item; may be beyond its last
  AttendRow which[2]; ///< of row, or of the item's last
};

struct Tile : TileRows {
  Tile(const Attend &a, const AttendItem &item, mlir::Value firstRow);

  const Attend &a;
  const AttendItem &item;
  const Block &e;
  StageShape stage;
  vec::Values queries; ///< [channel / 16][4], A fragments

  TileState nothing() const;
  /// With the block of positions from `start` on, which lies at unit `at` of shared memory.
  TileState attend(mlir::Value start, mlir::Value at, TileState state) const;

private:
  vec::Values queryFragment(int64_t k) const;
  vec::Values scores(mlir::Value at) const;
  void mask(mlir::Value start, vec::Values &scores) const;
  vec::Values weigh(vec::Values scores, TileState &state) const;
  void addValues(mlir::Value at, mlir::ValueRange weights, TileState &state) const;
  mlir::Value narrow(mlir::Value pair) const;
  mlir::Value pair(mlir::Value x, mlir::Value y) const;
  mlir::Value loaderRow() const;
  mlir::Value loaderMatrix() const;
};

} // namespace phidias::cuda
