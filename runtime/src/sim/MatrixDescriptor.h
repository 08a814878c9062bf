#pragma once
/// A matrix in shared memory as wgmma sees it: PTX ISA, "Matrix Descriptor Format" and "Strides".
///
///     bits 0-13   its first byte / 16, of the address in shared memory, 18 bits
///     bits 16-29  the leading dimension's offset / 16
///     bits 32-45  the stride dimension's offset / 16
///     bits 49-51  base offset
///     bits 62-63  swizzle: 0 none, 1 of 128, 2 of 64, 3 of 32 bytes
///
/// A row of 16 bytes is a unit. Along k ("K-major"), `unit` counts along k and `row` along m or n;
/// transposed ("MN-major"), `unit` along m or n and `row` along k. Without swizzle 8 rows of a unit
/// lie side by side; with a swizzle of w bytes 8 rows of w bytes do, and bits 4.. of an address,
/// log2(w / 16) of them, are exclusive-ored with those from 7 on.

#include <cstddef>
#include <cstdint>

namespace phirt::sim {

struct MatrixDescriptor {
  int64_t start = 0; ///< byte of shared memory
  int64_t leading = 0, stride = 0;
  int32_t width = 0; ///< of the swizzle, in units; 1: none
  bool transposed = false;

  /// The byte of shared memory where a unit starts.
  int64_t unit(int32_t unit, int32_t row) const;
};

/// `sharedStart`: the address of shared memory, a multiple of 1024. Null: `problem` says what is
/// wrong.
MatrixDescriptor readDescriptor(int64_t bits, bool transposed, const std::byte *sharedStart,
                                const char *&problem);

} // namespace phirt::sim
