#pragma once
/// Codes and i8 activations as f16. With lane = 4g + t, columns 16 * part + 4t + i (i < 4) of a row
/// are codes (0, 2) in the first k pair of a fragment and codes (1, 3) in the second: the order of
/// the columns of a product is of no consequence, as long as it is the same for both factors.
///
///     panel of a stage   [part: 4][lane: 32 units], a unit being the lane's fragment of A; that of
///                        lane l lies at l ^ (l / 8)
///     row of a token     unit 2 * part: pairs (0, 2) of t = 0 .. 3, unit 2 * part + 1: pairs (1,
///     3)

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
        thousand(halves.opaque(0x64006400)) {}

  /// A table for what a code stands for, after the stages.
  void prepare() const;
  void enterPanels();
  /// What the thread needs of the step `chunk`; and what becomes of it in `stage`.
  vec::Values load(mlir::Value chunk) const;
  void store(mlir::ValueRange loaded, mlir::Value stage) const;
  int64_t loads() const { return units * loadsOfUnit(); } ///< values that `load` gives

private:
  int64_t loadsOfUnit() const { return type.getBits() == 6 ? 6 : type.getMinimum() ? 3 : 2; }
  void loadUnit(mlir::Value step, vec::Values &loaded) const;
  mlir::Value loadRows(mlir::Type element, mlir::Value start, mlir::Value at) const;
  void storeUnit(mlir::ValueRange loaded, mlir::Value start) const;
  mlir::Value row(mlir::Value rows, int64_t i) const;
  vec::Values pairs(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value codesOf(mlir::Value word, mlir::Value high, int64_t shift) const;
  mlir::Value scaled(mlir::Value pair, mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value lookUp(mlir::Value word, int64_t shift) const;

  const ManyTile &t;
  const Block &e;
  Halves halves;
  phi::QuantizedType type;
  int64_t zero, sides, lines; ///< nibbles of a byte; lines of codes in a step
  int64_t units = 1;          ///< panels of a thread, kApart apart
  mlir::Value thousand;       ///< 0x6400, twice
  mlir::Value slot, line, firstRow, half;
  vec::Values starts; ///< [unit]
};

/// Activations: 16 columns of each of `blocks` tokens, a token having 4 threads. f16 has a smaller
/// range than f32: a row is divided by its largest scale, and the products multiplied with it.
class ManyValues {
public:
  explicit ManyValues(const ManyTile &tile)
      : t(tile), e(tile.e), halves{tile.e}, flipped(halves.opaque(0x64806480)) {}

  /// Finds the largest scales of the tokens.
  void enterTokens();
  vec::Values load(mlir::Value chunk) const;
  void store(mlir::ValueRange loaded, mlir::Value stage) const;
  /// The largest scale of a token, which threads wrote before the last barrier.
  mlir::Value largest(mlir::Value tokenOfTile) const;

private:
  mlir::Value largestScale(mlir::Value record) const;
  mlir::Value scaledPairs(mlir::Value words, int64_t odd, mlir::Value scale) const;

  const ManyTile &t;
  const Block &e;
  Halves halves;
  mlir::Value flipped;           ///< 0x6480, twice: what makes of a code the f16 1024 + code + 128
  mlir::Value part, token;       ///< of block 0
  vec::Values records, inverses; ///< [block]
};

} // namespace phidias::cuda
