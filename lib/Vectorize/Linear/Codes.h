#pragma once
/// Codes of a weight as bytes that phi.dot takes.

#include "Context.h"

namespace phidias::vec {

/// Quads (4 columns) of 32 columns.
inline constexpr int64_t kQuads = 8;

struct Codes {
  explicit Codes(const LinearContext &c);

  /// The 8 quads of a half step (32 columns), 64 bytes each.
  Values unpackHalf(mlir::Value start, int64_t half) const;
  /// The same as entries of the codebook, signed.
  Values entriesOfHalf(mlir::Value start, int64_t half) const;
  /// The signed entries of codes as they are stored.
  mlir::Value entries(mlir::Value codes) const;
  /// Signed bytes as phi.dot takes them.
  mlir::Value fromSigned(mlir::Value bytes) const;
  /// acc + codes * values; `largest`: of the codes, where they are not those of unpackHalf.
  mlir::Value dot(mlir::Value acc, mlir::Value codes, mlir::Value values,
                  int64_t largest = 0) const;

  /// Of vectors of bytes of any length.
  mlir::Value constant(mlir::Value like, uint8_t bits) const;
  mlir::Value andBits(mlir::Value codes, uint8_t bits) const;
  /// Whole words: what crosses bytes is masked away by the caller.
  mlir::Value shift(mlir::Value codes, int64_t bits) const;
  mlir::Value shift(mlir::Value codes, mlir::Value bits) const; ///< i32
  mlir::Value shiftLeft(mlir::Value codes, int64_t bits) const;
  mlir::Value asBytes(mlir::Value words) const;
  /// A code as it is stored, looked up in the codebook and made signed as the machine wants it.
  mlir::Value finish(mlir::Value codes) const;

  phi::QuantizedType type;
  bool isSigned; ///< codes that may exceed 127 are multiplied as code - 128
  int64_t max;   ///< largest magnitude of what is multiplied
  int64_t zero;  ///< what means zero

private:
  /// As they are stored.
  Values rawHalf(mlir::Value start, int64_t half) const;
  void addHighBits(mlir::Value start, int64_t half, Values &quads) const;

  const LinearContext &c;
  const Emitter &e;
};

} // namespace phidias::vec
