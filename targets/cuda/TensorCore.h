#pragma once
/// What the tensor cores and the copies that feed them are made of. The fragments are those of the
/// PTX ISA, "Matrix Fragments for mma.m16n8k16"; with lane = 4g + t:
///
///     A  16 x 16, two a register: (row g, columns 2t..), (g + 8, 2t..), (g, 2t + 8..) and
///                                 (g + 8, 2t + 8..)
///     B  16 x 8:                  (columns 2t.., token g) and (2t + 8.., g)
///     C  16 x 8 f32:              (row g, token 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1)

#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// a * b + c, of elements of type f16 or bf16; a: 4, b: 2 and c: 4 registers, the first two as i32.
vec::Values multiplyMatrices(const Block &e, mlir::Type element, mlir::ValueRange a,
                             mlir::ValueRange b, mlir::ValueRange c);

/// Four 8 x 8 matrices of 16-bit elements from shared memory: lane 8m + r says at which byte row r
/// of matrix m starts; a lane is given elements (g, 2t..) of each, as i32; transposed: (2t.., g).
vec::Values loadMatrices(const Block &e, mlir::Value byte, bool transposed);

/// Starts to copy 16 bytes from byte `from` of `bytes` to byte `to` of shared memory. `present`,
/// i32: how many there are, the rest becomes 0; null: all.
void copyAsync(const Block &e, mlir::Value bytes, mlir::Value from, mlir::Value to,
               mlir::Value present);
inline void copyAsync(const Block &e, mlir::Value bytes, mlir::Value from, mlir::Value to) {
  copyAsync(e, bytes, from, to, mlir::Value());
}
/// The same from `offset` bytes after that on.
vec::Values loadMatrices(const Block &e, mlir::Value byte, int64_t offset, bool transposed);
inline vec::Values loadMatrices(const Block &e, mlir::Value byte, int64_t offset = 0) {
  return loadMatrices(e, byte, offset, false);
}

/// Starts to copy 16 bytes from byte `from + fromOffset` of `bytes` to byte `to + toOffset` of
/// shared memory; `present` as above.
void copyAsync(const Block &e, mlir::Value bytes, mlir::Value from, int64_t fromOffset,
               mlir::Value to, int64_t toOffset, mlir::Value present = {});
/// Ends a group of copies; and waits until all but the last `groups` of this thread have arrived.
void commitCopies(const Block &e);
void waitCopies(const Block &e, int64_t groups);

} // namespace phidias::cuda
