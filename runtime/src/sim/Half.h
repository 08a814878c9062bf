#pragma once
/// 16-bit floats, without instructions that not every machine has.

#include <bit>
#include <cstdint>

namespace phirt::sim {

inline float fromBf16(uint32_t bits) { return std::bit_cast<float>(bits << 16); }

inline float fromF16(uint32_t bits) {
  uint32_t sign = (bits & 0x8000) << 16, rest = bits & 0x7fff;
  if (rest >= 0x7c00) // infinity and NaN
    return std::bit_cast<float>(sign | 0x7f800000 | (rest << 13));
  // As a float the exponent is 112 too small; the product is exact, of subnormals too.
  float scaled = std::bit_cast<float>(rest << 13) * 0x1p112f;
  return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(scaled));
}

} // namespace phirt::sim
