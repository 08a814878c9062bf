#include "Rows.h"
#include <bit>

using namespace mlir;

namespace phidias {

std::optional<ElementType> elementTypeOf(StringRef name) {
  for (ElementType type : {ElementType::F32, ElementType::F16, ElementType::BF16, ElementType::Q4_0,
                           ElementType::Q4_1, ElementType::Q8_0, ElementType::Q6_K})
    if (layoutOf(type).name == name)
      return type;
  return std::nullopt;
}

int64_t RowSource::rowBytesFrom() const {
  return columns / layoutOf(from).blockElements * layoutOf(from).blockBytes;
}

int64_t RowSource::rowBytesTo() const { return columns * to.getIntOrFloatBitWidth() / 8; }

int64_t RowSource::fileRow(int64_t row) const {
  if (permutedHeads == 0)
    return row;
  int64_t headRows = rows / permutedHeads, half = headRows / 2;
  int64_t head = row / headRows, within = row % headRows;
  return head * headRows + 2 * (within % half) + within / half;
}

bool RowSource::isCopy() const {
  bool same = (from == ElementType::F32 && to.isF32()) ||
              (from == ElementType::F16 && to.isF16()) ||
              (from == ElementType::BF16 && to.isBF16());
  return same && permutedHeads == 0;
}

/// Nearest bf16, ties to even; NaN stays NaN.
static uint16_t toBf16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

void RowSource::convertRow(int64_t row, uint8_t *target, std::vector<float> &scratch) const {
  const uint8_t *source = bytes + fileRow(row) * rowBytesFrom();
  if (rowBytesFrom() == rowBytesTo() && from != ElementType::F32 && !to.isF32() &&
      (from == ElementType::BF16) == to.isBF16()) {
    std::copy_n(source, rowBytesTo(), target);
    return;
  }
  if (to.isF32())
    return decodeElements(from, source, columns, reinterpret_cast<float *>(target));
  scratch.resize(columns);
  decodeElements(from, source, columns, scratch.data());
  for (int64_t k = 0; k < columns; ++k)
    reinterpret_cast<uint16_t *>(target)[k] = toBf16(scratch[k]);
}

} // namespace phidias
