#pragma once
/// From weights to codes: the step between reading a checkpoint and packing it. Packing asks a
/// Rounding for every row; one that was calibrated for a weight (GPTQ) takes the place of the
/// searched one without any change elsewhere.

#include "llvm/ADT/ArrayRef.h"
#include <memory>

namespace phidias {

inline constexpr int64_t kGroupColumns = 32; ///< columns that share a scale

class Rounding {
public:
  virtual ~Rounding() = default;

  /// Rounds row `row` of the weight. `weights` has columns in groups of 32, finite, zeros after the
  /// last; each gets a code, each group the bits of an f16 scale (infinity where f16 cannot hold
  /// it). Called from several threads at once.
  virtual void round(int64_t row, llvm::ArrayRef<float> weights, uint8_t *codes,
                     uint16_t *scales) const = 0;
};

/// value = scale * (code - 128), the scale from the largest magnitude.
std::unique_ptr<Rounding> nearestRounding();

/// value = scale * codebook[code], the scale searched (SearchedRounding.cpp). 16 ascending values.
std::unique_ptr<Rounding> searchedRounding(llvm::ArrayRef<int8_t> codebook);

} // namespace phidias
