#pragma once
/// A block of CUDA threads that works on a tile op: who a thread is, and how it hands values to
/// others. Everything is built at `b`'s insertion point.

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::cuda {

inline constexpr int64_t kBlockThreads = 256;
inline constexpr int64_t kWarpThreads = 32;
inline constexpr int64_t kWarps = kBlockThreads / kWarpThreads;

struct Block : vec::Emitter {
  Block(mlir::OpBuilder &b, mlir::Location loc);
  /// An index below 2^32 of which no compiler knows that it is the same: what is made of it is made
  /// where it stands, and takes no registers before. Needs all threads of the warp.
  mlir::Value opaque(mlir::Value number) const;
  mlir::Value opaqueWide(mlir::Value number) const; ///< the same of one that may be larger
  /// The same block, of a thread whose number is opaque.
  Block anew() const;

  mlir::Value thread; ///< index, 0 .. kBlockThreads - 1
  mlir::Value warp;   ///< index, thread / 32
  mlir::Value lane;   ///< index, thread % 32

  /// Meets all threads of the block; what they wrote to shared memory is seen by all after it.
  void barrier() const;
  /// The same of a warp.
  void warpBarrier() const;

  /// What the thread of the same warp whose lane differs in the bits of `mask` has as `value`: f32
  /// or i32.
  mlir::Value exchange(mlir::Value value, int64_t mask) const;
  /// Over the lanes that differ in the bits of `lanes - 1`, the same for each; f32 or i32. Ends
  /// with neighbours `first` apart.
  mlir::Value sum(mlir::Value value, int64_t lanes = kWarpThreads, int64_t first = 1) const;
  mlir::Value largest(mlir::Value value, int64_t lanes = kWarpThreads, int64_t first = 1) const;
  /// Over the block, the same for each thread. Begins with a barrier; takes kWarps words of shared
  /// memory at byte `at`.
  mlir::Value blockSum(mlir::Value value, int64_t at) const;
  mlir::Value blockLargest(mlir::Value value, int64_t at) const;

  /// memref in the shared memory of the block, from byte `start` on.
  mlir::Value shared(int64_t start, llvm::ArrayRef<int64_t> shape, mlir::Type element) const;
  /// Has phi.shared_bytes count the first `bytes`, for who comes to them by pointers alone.
  void reserve(int64_t bytes) const { shared(0, bytes, b.getI8Type()); }

  /// `type` (16 bytes at most) at byte `at` of `bytes`, memref<?xi8>: one load, since the address
  /// is a multiple of its size.
  mlir::Value loadAligned(mlir::Type type, mlir::Value bytes, mlir::Value at) const;
  void storeAligned(mlir::Value value, mlir::Value bytes, mlir::Value at) const;

  /// The same of `lanes` elements of a row, the first of them at a multiple of their size.
  mlir::Value loadPieces(int64_t lanes, mlir::Value rows, mlir::ValueRange at) const;
  void storePieces(mlir::Value value, mlir::Value rows, mlir::ValueRange at) const;

  /// for i = from + thread; i < to; i += kBlockThreads. No barrier may stand in its body.
  void eachThread(mlir::Value from, mlir::Value to,
                  llvm::function_ref<void(mlir::Value)> body) const;

private:
  Block(mlir::OpBuilder &b, mlir::Location loc, mlir::Value thread);
  /// Of what each warp has, a value of each, in all lanes.
  mlir::Value ofWarps(mlir::Value own, int64_t at) const;
  mlir::Value combine(mlir::Value value, int64_t lanes, int64_t first,
                      llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> two) const;
};

} // namespace phidias::cuda
