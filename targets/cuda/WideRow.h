#pragma once
/// What long passes multiply a quantised or f16 weight with: a wide row of the record
/// (Activations.h), f16 as the tensor cores take them. f16 has a smaller range than f32: the row is
/// divided by a factor that leaves its largest magnitude near 2^15, so that values down to 2^-29 of
/// it have all of their bits.
///
/// For f16 weights a value is the sum of `wideParts` f16, what it is rounded to and what that
/// leaves:
///
///     chunk of 64 columns   [part][64]
///
/// For quantised ones values are i8 codes times their
/// group's scale, the row's largest scale being kLargestScale:
///
///     chunk of 64 columns   [part: 4][pair: 2][t: 4] pairs of the columns 16 * part + 4 * t + i,
///                           i being those of `widePair`
///
/// With lane = 4g + t of a fragment, a weight's codes of the same columns are its part's k pairs:
/// the order of the columns of a product is of no consequence, as long as it is the same for both
/// factors.

#include "dialects/phi/Activations.h"
#include "dialects/phi/PhiDialect.h"
#include "phidias/Vectorize/Emitter.h"

namespace phidias::cuda {

/// What prepare leaves and linears read.
phi::ActivationLayout recordLayout(mlir::Type weight, mlir::Type activation, int64_t columns);

/// Which two of four columns side by side are pair 0 or 1: those of a word of codes that become a
/// pair with the fewest instructions.
std::array<int64_t, 2> widePair(phi::QuantizedType weight, int64_t pair);

/// Where in a row pair 0 of quad `quad` (of columns) lies, in bytes; and pair 1 after that.
mlir::Value wideQuad(const vec::Emitter &e, mlir::Value quad);
inline constexpr int64_t kWidePairBytes = 16;

/// What a row of zeros, or one of scales below f32's normal range, is divided by.
inline constexpr double kSmallestScale = 1e-37;
/// Which of a row's quads of f16 part `part` of quad `quad` is.
mlir::Value partQuad(const vec::Emitter &e, mlir::Value quad, int64_t part, int64_t parts);

/// What rows' largest magnitudes, or scales, become.
inline constexpr double kLargestValue = 32768, kLargestScale = 256;

} // namespace phidias::cuda
