#include "RoundRow.h"
#include "phidias/Support/Floats.h"
#include <cmath>

namespace phidias {

std::unique_ptr<Rounding> roundingFor(phi::QuantizedType type) {
  if (type.getCodebook())
    return searchedRounding(type.getCodebook().asArrayRef());
  if (type.getBits() == 8 && type.getZero() == 128)
    return nearestRounding();
  return nullptr;
}

/// One stage of the fast Walsh-Hadamard transform: sums and differences of elements `Half` apart.
template <int64_t Half> static void exchange(float *x) {
  for (int64_t block = 0; block < kGroupColumns; block += 2 * Half)
    for (int64_t i = block; i < block + Half; ++i) {
      float sum = x[i] + x[i + Half], difference = x[i] - x[i + Half];
      x[i] = sum;
      x[i + Half] = difference;
    }
}

/// Multiplies each group by the Walsh-Hadamard matrix of !phi.quantized, in place.
static void rotateGroups(llvm::MutableArrayRef<float> values) {
  const float factor = std::sqrt(1.0f / kGroupColumns);
  for (size_t group = 0; group < values.size(); group += kGroupColumns) {
    float *x = values.data() + group;
    exchange<16>(x);
    exchange<8>(x);
    exchange<4>(x);
    exchange<2>(x);
    exchange<1>(x);
    for (int64_t i = 0; i < kGroupColumns; ++i)
      x[i] *= factor;
  }
}

/// Any bits of all ones in an exponent mean infinity or NaN.
static bool allFinite(llvm::ArrayRef<float> values) {
  uint32_t bad = 0;
  for (float value : values)
    bad |= (std::bit_cast<uint32_t>(value) & 0x7fffffff) >= 0x7f800000;
  return !bad;
}

bool RoundedRow::round(const MemberRows &rows, int64_t row) {
  int64_t columns = rows.columns(), padded = llvm::alignTo(columns, phi::kStepColumns);
  int64_t groups = llvm::divideCeil(columns, kGroupColumns);
  weights.assign(padded, 0.0f);
  codes.resize(padded);
  scales.assign(padded / kGroupColumns, 0);
  rows.decode(row, weights.data());
  llvm::ArrayRef<float> used = llvm::ArrayRef(weights).take_front(groups * kGroupColumns);
  if (!allFinite(used))
    return false;
  if (type.getRotated())
    rotateGroups(llvm::MutableArrayRef(weights).take_front(used.size()));
  rounding.round(row, used, codes.data(), scales.data());
  // Rotated, the zeros that fill up the last group have become a part of it.
  int64_t end = type.getRotated() ? static_cast<int64_t>(used.size()) : columns;
  std::fill(codes.begin() + end, codes.end(), static_cast<uint8_t>(type.getZero()));
  return llvm::none_of(scales, [](uint16_t scale) { return (scale & 0x7c00) == 0x7c00; });
}

void RoundedRow::place(const PanelRow &row) const {
  for (size_t group = 0; group < scales.size(); ++group) {
    const uint8_t *from = codes.data() + group * kGroupColumns;
    row.scale(group, scales[group]);
    if (type.getBits() == 8) {
      row.bytes(group, from);
      continue;
    }
    uint8_t nibbles[kGroupColumns / 2];
    for (int64_t i = 0; i < kGroupColumns / 2; ++i)
      nibbles[i] = static_cast<uint8_t>(from[i] | from[16 + i] << 4);
    row.nibbles(group, nibbles);
  }
}

float RoundedRow::valueOf(uint8_t code) const {
  if (auto codebook = type.getCodebook())
    return static_cast<float>(codebook[code]);
  return static_cast<float>(static_cast<int64_t>(code) - type.getZero());
}

void RoundedRow::decode(float *target, int64_t columns) {
  weights.resize(codes.size());
  for (size_t k = 0; k < codes.size(); ++k)
    weights[k] = fromHalf(scales[k / kGroupColumns]) * valueOf(codes[k]);
  if (type.getRotated())
    rotateGroups(weights);
  std::copy_n(weights.begin(), columns, target);
}

} // namespace phidias
