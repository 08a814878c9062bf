#pragma once
/// Codes as f16, and wide rows (WideRow.h) as they are.
///
///     panel of a stage   [part: 4][lane: 32 units], a unit being the lane's fragment of A; that of
///                        lane l lies at l ^ (l / 8)

#include "targets/cuda/Halves.h"
#include "targets/cuda/LinearManyTile.h"

namespace phidias::cuda {

/// A weight's codes. A thread has two rows of one line of codes in a step of a panel, or of two
/// panels.
class ManyCodes {
public:
  explicit ManyCodes(const ManyTile &tile)
      : t(tile), e(tile.e), halves{tile.e}, type(llvm::cast<phi::QuantizedType>(t.op.getElement())),
        zero(type.getZero()), sides(type.getBits() == 8 ? 1 : 2), lines(16 / sides),
        thousand(halves.opaque(0x64006400)), upper(halves.opaque(0x64646464)),
        which(halves.opaque(0x32103210)) {
    if (type.getCodebook())
      tables = {halves.opaque(entries(0)), halves.opaque(entries(8))};
  }

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
  mlir::Value row(mlir::Value rows, int64_t i) const;
  vec::Values pairs(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  vec::Values codesOf(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value highBits(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value nibbles(mlir::Value word, mlir::Value high, int64_t shift) const;
  mlir::Value scaled(mlir::Value pair, mlir::ValueRange loaded, int64_t i, int64_t side) const;
  vec::Values lookUp(mlir::Value word) const;
  int64_t entries(int64_t first) const;

  const ManyTile &t;
  const Block &e;
  Halves halves;
  phi::QuantizedType type;
  int64_t zero, sides, lines;  ///< nibbles of a byte; lines of codes in a step
  int64_t units = 1;           ///< panels of a thread, kApart apart
  mlir::Value thousand, upper; ///< 0x6400, twice; the upper byte of that, four times
  mlir::Value which;           ///< 0x3210, twice
  vec::Values tables;          ///< entries 0 to 3 and 8 to 11 of a codebook
  mlir::Value slot, line, firstRow;
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
