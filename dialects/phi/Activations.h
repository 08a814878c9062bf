#pragma once
/// How `phi.tile_prepare` leaves the rows that a weight is multiplied with: one record a token.

#include "mlir/IR/BuiltinAttributes.h"

namespace phidias::phi {

/// Where the parts of a token's record start, in bytes from its first.
struct ActivationLayout {
  int64_t scales = -1; ///< f32, one for 32 columns (i8)
  int64_t sums = -1; ///< one for each group of the weight (i8): i32, -zero * sum of the codes; or,
                     ///< for a weight with a minimum, f32, scale * sum of the codes
  int64_t sumGroup = 32; ///< columns of a sum
  int64_t padded = 0;    ///< columns, padded to 64; the values come first
  int64_t bytes = 0;     ///< of the record, a multiple of 64
};

/// `weight`: the element type of the weight; `activation`: i8, bf16 or f32.
ActivationLayout activationLayout(mlir::Type weight, mlir::Type activation, int64_t columns);

/// i8 for a quantised weight; bf16 for bf16 where the machine multiplies that; else f32.
mlir::Type activationFor(mlir::Type weight, bool bf16Dot);

/// What the dot products multiply in place of a code's value, so that it is unsigned: the code, or
/// the codebook's entry + 128.
int64_t dotZero(mlir::Type weight);
/// The entries of a codebook + 128.
llvm::SmallVector<int8_t> unsignedTable(mlir::DenseI8ArrayAttr codebook);

} // namespace phidias::phi
