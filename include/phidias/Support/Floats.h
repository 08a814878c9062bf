#pragma once
/// f32 to and from the bits of the 16-bit floats. Rounded to nearest, ties to even, in integers, so
/// that every machine gives the same bits.

#include <bit>
#include <cstdint>

namespace phidias {

inline float fromHalf(uint16_t half) {
  uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;
  if (exponent == 0x1f)
    return std::bit_cast<float>(sign | 0x7f800000 | mantissa << 13);
  if (exponent != 0)
    return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
  float subnormal = static_cast<float>(mantissa) * 0x1p-24f;
  return sign ? -subnormal : subnormal;
}

/// Shifts `value` right by `bits` (1 to 31), to nearest, ties to even.
inline uint32_t shiftRounded(uint32_t value, uint32_t bits) {
  uint32_t half = 1u << (bits - 1), odd = value >> bits & 1;
  return (value + half - 1 + odd) >> bits;
}

/// Too large gives infinity; NaN stays NaN.
inline uint16_t toHalf(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value), magnitude = bits & 0x7fffffff;
  uint32_t sign = bits >> 16 & 0x8000;
  if (magnitude > 0x7f800000)
    return static_cast<uint16_t>(sign | 0x7e00);
  if (magnitude >= 0x47800000) // 65536
    return static_cast<uint16_t>(sign | 0x7c00);
  if (magnitude >= 0x38800000) // normal: 2^-14
    return static_cast<uint16_t>(sign | shiftRounded(magnitude - 0x38000000, 13));
  uint32_t exponent = magnitude >> 23;
  if (exponent < 102) // below half of the smallest, 2^-25
    return static_cast<uint16_t>(sign);
  uint32_t mantissa = (magnitude & 0x7fffff) | 0x800000;
  return static_cast<uint16_t>(sign | shiftRounded(mantissa, 126 - exponent));
}

inline uint16_t toBf16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>(shiftRounded(bits, 16));
}

} // namespace phidias
