#pragma once
/// Codes as f16, and wide rows (WideRow.h) as they are.
///
///     panel of a stage   [part: 4][lane: 32 units], a unit being the lane's fragment of A; that of
///                        lane l lies at l ^ (l / 8)

#include "targets/cuda/CodeFragments.h"
#include "targets/cuda/LinearManyTile.h"

namespace phidias::cuda {

/// A weight's codes, of which a thread has two rows of a line.
class ManyCodes : public CodeFragments {
public:
  explicit ManyCodes(const ManyTile &tile)
      : CodeFragments(tile.e, tile.op.getElement()), t(tile), lines(16 / sides()) {}

  void enter();
  /// What the thread needs of the step that starts at byte `from` of a panel; and what becomes of
  /// it in `stage`.
  vec::Values load(mlir::Value from) const;
  void store(mlir::ValueRange loaded, mlir::Value stage) const;

private:
  int64_t placesOfUnit() const { return type.getBits() == 6 ? 4 : 2; }
  int64_t loadsOfUnit() const { return type.getBits() == 6 ? 6 : type.getMinimum() ? 3 : 2; }
  void loadUnit(mlir::ValueRange places, mlir::Value from, vec::Values &loaded) const;
  void storeUnit(mlir::ValueRange loaded, mlir::Value start) const;

  const ManyTile &t;
  int64_t lines;     ///< of codes in a step
  int64_t units = 1; ///< panels of a thread, kApart apart
  mlir::Value slot, firstRow;
  vec::Values starts; ///< [unit][place]: where in the weights the thread reads of step 0
};

/// Where lane `lane`'s unit of a part lies.
mlir::Value laneUnit(const ManyTile &t, mlir::Value lane);

/// Wide rows, copied to the stages.
class ManyValues {
public:
  explicit ManyValues(const ManyTile &tile) : t(tile), e(tile.e) {}

  void enter();
  /// Starts copies into `stage` of the chunk that starts at byte `from` of a row.
  void copy(mlir::Value stage, mlir::Value from) const;

private:
  static constexpr int64_t kTokens = kBlockThreads / kRowUnits; ///< of one copy
  /// Of a row, and the token of the first copy, that are the thread's.
  mlir::Value unit() const { return e.rem(e.thread, kRowUnits); }
  mlir::Value token() const { return e.div(e.thread, kRowUnits); }

  const ManyTile &t;
  const Block &e;
  vec::Values rows; ///< addresses; for tokens beyond the pass that of the last one
};

} // namespace phidias::cuda
