#include "sampler/Sampler.h"
#include <algorithm>
#include <iterator>

namespace phirt {

using abi::kExpSeries;

/// 2^32 * 2^-x of x * 2^24 < 2^24.
static uint64_t powerOfTwo(uint64_t x) {
  uint64_t sum = *std::rbegin(kExpSeries);
  for (auto term = std::rbegin(kExpSeries) + 1; term != std::rend(kExpSeries); ++term)
    sum = *term - (sum * x >> 24);
  return sum;
}

uint64_t weightOf(float score, float top) {
  float below = std::min(top - score, abi::kMostBelow);
  uint64_t z = static_cast<uint64_t>(below * 0x1p24f) * abi::kLog2E >> 30;
  uint64_t whole = z >> 24;
  uint64_t part = powerOfTwo(z & 0xffffff) << (abi::kWeightBits - 32);
  return whole > abi::kWeightBits ? 0 : part >> whole;
}

uint64_t scaled(uint64_t x, uint64_t y) {
  return static_cast<uint64_t>(static_cast<unsigned __int128>(x) * y >> 64);
}

uint64_t fractionOf(double p) {
  return p > 0 ? std::max<uint64_t>(static_cast<uint64_t>(p * 0x1p64), 1) : 1;
}

} // namespace phirt
