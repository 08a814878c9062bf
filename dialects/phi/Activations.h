#pragma once
/// How `phi.tile_prepare` leaves the rows that a weight is multiplied with: one record a token, or
/// one for two tokens (`pairs`), 2p and 2p + 1, with all of both in turn:
///
///     codes   [block of 8 columns][token: 2][8] i8
///     scales  [group of 32 columns][2][token: 2] f32: what is said twice fits the lanes of a 2 x 2
///     product sums    [group of the weight][2][token: 2]

#include "mlir/IR/BuiltinAttributes.h"
#include <numeric>

namespace phidias::phi {

/// Where the parts of a record start, in bytes from its first.
struct ActivationLayout {
  int64_t scales = -1; ///< f32, one for 32 columns (i8)
  int64_t sums = -1; ///< one for each group of the weight (i8): i32, -zero * sum of the codes (with
                     ///< value_lanes and groups of 32, 0x4B400000 more); or,
                     ///< for a weight with a minimum, f32, scale * sum of the codes
  int64_t sumGroup = 32;  ///< columns of a sum
  int64_t block = 32;     ///< columns whose scales are the same: a power of two, divides `padded`
  int64_t blockSums = -1; ///< where blocks are of more columns (but in pairs): i32, their sums
  int64_t padded = 0;     ///< columns, padded to 64; the values come first
  int64_t bytes = 0;      ///< of a token's record, half of a pair's; a multiple of 64
  bool pairs = false;     ///< i8 alone
  int64_t factor = -1; ///< where there may be a wide row instead, f16 [padded * wideParts] from the
                       ///< record's first byte, in an order that the machine wants: f32, what its
                       ///< values are to be multiplied with (quantised weights and f16)
  int64_t wideParts = 1; ///< f16 that a value of a wide row is the sum of; two lose nothing of f32
                         ///< to speak of
};

/// Where Phidias has chosen the codes (a codebook), so many columns of activations may share a
/// scale, and a long pass rescales its sums as seldom (lib/Vectorize/Linear/Rescale.h). For codes
/// that a checkpoint brings it would cost more than it may (docs/FIGURES.md, "Formats").
inline constexpr int64_t kLargestBlock = 256;

/// `weight`: the element type of the weight; `activation`: i8, bf16 or f32; `matrix`: the machine
/// multiplies matrices; `wide`: it wants wide rows (#phi.machine).
ActivationLayout activationLayout(mlir::Type weight, mlir::Type activation, int64_t columns,
                                  bool matrix = false, bool wide = false);

/// Columns of which a long pass adds up products as integers: of a block, within one chunk.
inline int64_t blockIn(const ActivationLayout &layout, int64_t chunk) {
  return std::gcd(layout.block, chunk);
}

/// i8 for a quantised weight; bf16 for bf16 where the machine multiplies that; else f32.
mlir::Type activationFor(mlir::Type weight, bool bf16Dot);

/// The code that means zero in the dot products of `weight`. What they multiply is the code, or the
/// codebook's entry + 128, so that it is unsigned; with `signedCodes` that - 128, where it may
/// exceed 127.
int64_t dotZero(mlir::Type weight, bool signedCodes = false);
/// Whether what the dot products multiply may exceed 127.
bool exceedsSigned(mlir::Type weight);
/// The entries of a codebook + 128, or with `signedCodes` as they are.
llvm::SmallVector<int8_t> dotTable(mlir::DenseI8ArrayAttr codebook, bool signedCodes = false);

} // namespace phidias::phi
