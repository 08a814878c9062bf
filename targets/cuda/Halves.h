#pragma once
/// Codes as f16, two at a time. A byte in the low bits of 0x6400 is the f16 1024 + byte, so that a
/// word of four codes becomes two pairs, codes 0 and 2 and codes 1 and 3, with two logical
/// operations each and one subtraction that rounds nothing.

#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// prmt: bytes of x, then of y, chosen by the nibbles of `selector`.
mlir::Value permuteBytes(const Block &e, mlir::Value x, mlir::Value y, mlir::Value selector);

struct Halves {
  const Block &e;

  mlir::VectorType pair() const { return e.vector(2, e.b.getF16Type()); }
  mlir::Value word(int64_t bits) const { return e.i32(static_cast<int32_t>(bits)); }
  mlir::Value andBits(mlir::Value x, int64_t bits) const;
  mlir::Value orBits(mlir::Value x, mlir::Value y) const;
  mlir::Value exclusiveOr(mlir::Value x, mlir::Value y) const;
  /// A constant that no compiler knows: one instruction takes three operands, of which only one may
  /// be a constant. Needs all threads.
  mlir::Value opaque(int64_t bits) const { return e.exchange(word(bits), 0); }
  mlir::Value right(mlir::Value x, int64_t bits) const;
  mlir::Value left(mlir::Value x, int64_t bits) const;

  /// i32 ↔ vector<2xf16>.
  mlir::Value asPair(mlir::Value word) const;
  mlir::Value asWord(mlir::Value pair) const;
  /// f16 or f32, in both halves.
  mlir::Value both(mlir::Value scalar) const;
  /// i32 whose halves are 0x6400 | byte → byte - zero, exactly.
  mlir::Value less(mlir::Value word, int64_t zero) const;
  mlir::Value mul(mlir::Value x, mlir::Value y) const;
  mlir::Value fma(mlir::Value x, mlir::Value y, mlir::Value z) const;
};

} // namespace phidias::cuda
