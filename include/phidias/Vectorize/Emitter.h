#pragma once
/// Short names for what vector code is made of. Everything is built at `b`'s insertion point; a
/// body is called with it inside the loop.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace phidias::vec {

using Values = llvm::SmallVector<mlir::Value>;

struct Emitter {
  mlir::OpBuilder &b;
  mlir::Location loc;

  mlir::Value index(int64_t value) const;
  mlir::Value f32(double value) const;
  mlir::Value i32(int32_t value) const;

  /// Of index values; constants fold.
  mlir::Value add(mlir::Value x, mlir::Value y) const;
  mlir::Value sub(mlir::Value x, mlir::Value y) const;
  mlir::Value mul(mlir::Value x, mlir::Value y) const;
  mlir::Value div(mlir::Value x, mlir::Value y) const; ///< neither is negative
  mlir::Value rem(mlir::Value x, mlir::Value y) const; ///< neither is negative
  mlir::Value add(mlir::Value x, int64_t y) const { return add(x, index(y)); }
  mlir::Value mul(mlir::Value x, int64_t y) const { return mul(x, index(y)); }
  mlir::Value div(mlir::Value x, int64_t y) const { return div(x, index(y)); }
  mlir::Value rem(mlir::Value x, int64_t y) const { return rem(x, index(y)); }
  mlir::Value ceilDiv(mlir::Value x, int64_t y) const { return div(add(x, y - 1), y); }
  mlir::Value min(mlir::Value x, mlir::Value y) const;  ///< signed
  mlir::Value max(mlir::Value x, mlir::Value y) const;  ///< signed
  mlir::Value less(mlir::Value x, mlir::Value y) const; ///< signed

  /// for i in [from, to) step `step`.
  void loop(mlir::Value from, mlir::Value to, int64_t step,
            llvm::function_ref<void(mlir::Value)> body) const;
  /// The same with values carried from turn to turn.
  Values loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange first,
              llvm::function_ref<Values(mlir::Value, mlir::ValueRange)> body) const;
  void when(mlir::Value condition, llvm::function_ref<void()> body) const;
  void either(mlir::Value condition, llvm::function_ref<void()> yes,
              llvm::function_ref<void()> no) const;

  mlir::VectorType vector(int64_t lanes, mlir::Type element) const;
  mlir::VectorType floats(int64_t lanes) const { return vector(lanes, b.getF32Type()); }
  /// `lanes` elements from buffer[indices...] on.
  mlir::Value load(int64_t lanes, mlir::Value buffer, mlir::ValueRange indices) const;
  void store(mlir::Value lanes, mlir::Value buffer, mlir::ValueRange indices) const;
  /// One element.
  mlir::Value loadOne(mlir::Value buffer, mlir::ValueRange indices) const;
  void storeOne(mlir::Value value, mlir::Value buffer, mlir::ValueRange indices) const;
  mlir::Value splat(int64_t lanes, mlir::Value scalar) const;
  mlir::Value zeros(int64_t lanes) const { return splat(lanes, f32(0)); }
  /// Lane `lane` of `from`, in all of `lanes`.
  mlir::Value repeat(mlir::Value from, int64_t lane, int64_t lanes) const;
  /// `lanes` lanes from lane `first` on; and vectors side by side, a power of two of them.
  mlir::Value slice(mlir::Value from, int64_t first, int64_t lanes) const;
  mlir::Value join(mlir::ValueRange parts) const;
  /// The same bits as `lanes` elements of `type`.
  mlir::Value recast(mlir::Value from, int64_t lanes, mlir::Type type) const;
  /// Widens f16 and signed i8 to f32, a vector or a scalar.
  mlir::Value toF32(mlir::Value value) const;

  mlir::Value mulf(mlir::Value x, mlir::Value y) const;
  mlir::Value addf(mlir::Value x, mlir::Value y) const;
  mlir::Value subf(mlir::Value x, mlir::Value y) const;
  mlir::Value fma(mlir::Value x, mlir::Value y, mlir::Value z) const;
  /// The larger of each lane; of no consequence for NaN.
  mlir::Value maxf(mlir::Value x, mlir::Value y) const;
  /// Over the lanes, in any order.
  mlir::Value reduce(mlir::vector::CombiningKind kind, mlir::Value lanes) const;

  /// A memref of `type` on the bytes of `bytes` from `start` on; `sizes` are those of its dynamic
  /// dimensions.
  mlir::Value view(mlir::Value bytes, mlir::Value start, mlir::MemRefType type,
                   mlir::ValueRange sizes = {}) const;
  /// Asks for the line of buffer[indices...]; `near`: into the first cache, else into the second.
  void prefetch(mlir::Value buffer, mlir::ValueRange indices, bool near = false) const;
};

} // namespace phidias::vec
