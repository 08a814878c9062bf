#pragma once
/// How a pass chooses the next token by itself, from the last row of its logits.
///
/// A score is logit / temperature, an f32; what is no finite number is no candidate. Greedy: the
/// highest score, the lowest id among equals. Otherwise what is left after top-k, top-p and min-p
/// is drawn, by weight, in the order of ids. Weights are integers, so that their sums depend on no
/// order, and host and device choose the same token of the same logits and random number:
///
///   y = floor(min(top - score, kMostBelow) * 2^24)       top: the highest score; f32 up to here
///   z = floor(y * kLog2E / 2^30)
///   weight = floor(2^8 * p(z mod 2^24) / 2^(z div 2^24)),   0 where z div 2^24 > kWeightBits
///
/// which is 2^kWeightBits * e^(score - top). p is the series of 2^32 * 2^-x, by Horner's rule, each
/// product cut to an integer. The largest error is that of y and z, 2^-23 of a weight.

#include <cstddef>
#include <cstdint>

namespace phirt::abi {

struct Choice {
  uint64_t random;   ///< any: token number floor(random * total / 2^64) of the weights is drawn
  uint64_t topP;     ///< of 2^64; 0: off
  double logMinP;    ///< natural logarithm; scores of at least top + this stay. -infinity: off
  float temperature; ///< 1 for a greedy choice
  int32_t drawn;     ///< 0: greedy
  int32_t topK;      ///< what equals the k-th stays, too; 0: off
  int32_t token;     ///< result; -1: no logit was a finite number
};

inline constexpr int kWeightBits = 40;         ///< 2^23 of them have their sum in 64 bits
inline constexpr float kMostBelow = 64;        ///< beyond, a weight is 0 anyway
inline constexpr uint64_t kLog2E = 1549082005; ///< 2^30 log2 e
/// Terms of 2^32 * 2^-x: 2^32 ln(2)^n / n!, whose signs alternate.
inline constexpr uint64_t kExpSeries[] = {
    4294967296, 2977044472, 1031764991, 238388332, 41309550, 5726720, 661577, 65510, 5676, 437, 30};

} // namespace phirt::abi
