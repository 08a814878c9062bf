#pragma once
/// Reads values out of panels, written from dialects/phi/Panel.md alone.

#include "dialects/phi/PhiDialect.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Endian.h"
#include <bit>
#include <cmath>

namespace phidias::test {

struct PanelReader {
  llvm::ArrayRef<uint8_t> bytes; ///< of the matrix
  mlir::Type element;
  int64_t columns;

  int64_t linesOfStep() const {
    auto type = llvm::dyn_cast<phi::QuantizedType>(element);
    if (!type)
      return element.getIntOrFloatBitWidth() * 2; // 64 columns of 16 rows
    return type.getBits() == 8 ? 17 : type.getBits() == 6 ? 14 : type.getMinimum() ? 10 : 9;
  }
  /// First byte of the step that holds (row, column).
  const uint8_t *step(int64_t row, int64_t column) const {
    int64_t steps = (columns + 63) / 64;
    return bytes.data() + (row / 16 * steps + column / 64) * linesOfStep() * 64;
  }
  static float half(const uint8_t *at) {
    int bits = at[0] | at[1] << 8, exponent = bits >> 10 & 31, mantissa = bits & 1023;
    float value = exponent ? std::ldexp(1.0f + mantissa / 1024.0f, exponent - 15)
                           : std::ldexp(static_cast<float>(mantissa), -24);
    return bits & 0x8000 ? -value : value;
  }
  static float word(const uint8_t *at) {
    return std::bit_cast<float>(llvm::support::endian::read32le(at));
  }

  int code(int64_t row, int64_t column) const {
    int bits = static_cast<int>(llvm::cast<phi::QuantizedType>(element).getBits());
    int64_t r = row % 16, h = column / 32 % 2, c = column % 32, j = c % 16 / 4, i = c % 4;
    const uint8_t *at = step(row, column);
    if (bits == 8)
      return at[(h * 8 + c / 4) * 64 + 4 * r + i];
    int nibble = at[(h * 4 + j) * 64 + 4 * r + i] >> (c < 16 ? 0 : 4) & 15;
    if (bits == 4)
      return nibble;
    return nibble | (at[(8 + h * 2 + c / 16) * 64 + 4 * r + i] >> (2 * j) & 3) << 4;
  }
  const uint8_t *halfAt(int64_t row, int64_t column, int64_t line) const {
    return step(row, column) + line * 64 + column / 32 % 2 * 32 + row % 16 * 2;
  }
  float quantized(int64_t row, int64_t column) const {
    auto type = llvm::cast<phi::QuantizedType>(element);
    int q = code(row, column);
    if (type.getBits() == 8)
      return half(halfAt(row, column, 16)) * static_cast<float>(q - 128);
    if (type.getBits() == 6) {
      const uint8_t *at = step(row, column);
      auto scale = static_cast<int8_t>(at[12 * 64 + column / 16 % 4 * 16 + row % 16]);
      float super = word(at + 13 * 64 + row % 16 * 4);
      return super * static_cast<float>(scale) * static_cast<float>(q - 32);
    }
    float scale = half(halfAt(row, column, 8));
    if (auto codebook = type.getCodebook())
      return scale * static_cast<float>(codebook[q]);
    if (!type.getMinimum())
      return scale * static_cast<float>(q - type.getZero());
    float scaled = scale * static_cast<float>(q);
    return scaled + half(halfAt(row, column, 9));
  }
  /// Element `column` of a group of 32 that the Walsh-Hadamard matrix is multiplied with, from its
  /// definition; `at` gives the group's elements.
  template <typename At> static double rotated(int64_t column, At at) {
    double sum = 0;
    for (int64_t j = 0; j < 32; ++j)
      sum += (std::popcount<uint64_t>(column % 32 & j) % 2 ? -1 : 1) * at(column / 32 * 32 + j);
    return sum / std::sqrt(32.0);
  }
  float value(int64_t row, int64_t column) const {
    if (auto type = llvm::dyn_cast<phi::QuantizedType>(element)) {
      if (!type.getRotated())
        return quantized(row, column);
      auto at = [&](int64_t k) -> double { return quantized(row, k); };
      return static_cast<float>(rotated(column, at));
    }
    const uint8_t *at = step(row, column);
    int64_t r = row % 16, c = column % 64;
    if (element.isF32())
      return word(at + c * 64 + 4 * r);
    if (element.isF16())
      return half(at + c * 32 + 2 * r);
    const uint8_t *pair = at + c / 2 * 64 + 4 * r + 2 * (c % 2);
    return std::bit_cast<float>(static_cast<uint32_t>(pair[0] | pair[1] << 8) << 16);
  }
};

} // namespace phidias::test
