#pragma once
/// Codes of two rows as f16, a lane's fragment of A.

#include "dialects/phi/PhiDialect.h"
#include "targets/cuda/Halves.h"

namespace phidias::cuda {

class CodeFragments {
public:
  /// `line`: of codes, that the thread has.
  CodeFragments(const Block &e, mlir::Type weight, mlir::Value line = {});

  /// Nibbles of a byte: four columns of each are a part's.
  int64_t sides() const { return type.getBits() == 8 ? 1 : 2; }
  /// `loaded`, of two rows each: i32 codes of a line; then f16 scales and with a minimum f16
  /// minima; or (6 bits) i32 high bits and i8 scales of both sides, f32 super-scales. → pair 0 of
  /// the four columns on `side` of both rows, pair 1 of both (`widePair`), i32.
  vec::Values fragment(mlir::ValueRange loaded, int64_t side) const;

protected:
  const Block &e;
  phi::QuantizedType type;
  mlir::Value line;

private:
  mlir::Value row(mlir::Value rows, int64_t i) const;
  vec::Values pairs(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  vec::Values codesOf(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value highBits(mlir::ValueRange loaded, int64_t i, int64_t side) const;
  mlir::Value nibbles(mlir::Value word, mlir::Value high, int64_t shift) const;
  mlir::Value scaled(mlir::Value pair, mlir::ValueRange loaded, int64_t i, int64_t side) const;
  vec::Values lookUp(mlir::Value word) const;
  int64_t entries(int64_t first) const;

  Halves halves;
  int64_t zero;
  mlir::Value thousand, upper; ///< 0x6400, twice; the upper byte of that, four times
  mlir::Value which;           ///< 0x3210, twice
  vec::Values tables;          ///< entries 0 to 3 and 8 to 11 of a codebook
};

} // namespace phidias::cuda
