// GGUF's quantised types lie in panels with the values that gguf-py gives (decodeElements is held
// to those in import_gguf_test), and padding stands for zero.

#include "Packed.h"
#include <random>

using namespace phidias;
using namespace phidias::test;

namespace {

/// Random blocks with finite scales.
std::vector<uint8_t> randomBlocks(ElementType type, int64_t count, std::mt19937 &random) {
  const ElementLayout &layout = layoutOf(type);
  std::vector<uint8_t> bytes(count * layout.blockBytes);
  for (uint8_t &byte : bytes)
    byte = static_cast<uint8_t>(random());
  for (int64_t b = 0; b < count; ++b) {
    uint8_t *block = bytes.data() + b * layout.blockBytes;
    uint8_t *scale = type == ElementType::Q6_K ? block + 208 : block;
    scale[1] &= 0xbb; // clears a bit of the exponent: neither infinite nor NaN
    if (type == ElementType::Q4_1)
      block[3] &= 0xbb;
  }
  return bytes;
}

struct CarryCase {
  const char *name;
  ElementType type;
  int64_t columns;
};

std::vector<float> decoded(const Part &part, ElementType type, int64_t columns) {
  std::vector<float> values(part.rows * columns);
  decodeElements(type, part.bytes.data(), values.size(), values.data());
  return values;
}

/// Row `row` of a part over `heads` heads lies in row ... of the file (phi.part).
int64_t fileRow(int64_t row, int64_t rows, int64_t heads) {
  int64_t d = rows / heads, h = row / d, j = row % d / (d / 2), i = row % d % (d / 2);
  return h * d + 2 * i + j;
}

} // namespace

class Carry : public testing::TestWithParam<CarryCase> {};

TEST_P(Carry, GivesTheValuesOfTheBlocks) {
  auto [name, type, columns] = GetParam();
  std::mt19937 random(7);
  int64_t blocks = columns / layoutOf(type).blockElements;
  // 12 permuted rows, then 9: the border lies inside of the first panel, the second is not full.
  Part first{name, 12, 3, randomBlocks(type, 12 * blocks, random)};
  Part second{name, 9, 0, randomBlocks(type, 9 * blocks, random)};
  Packed packed;
  packed.add({first, second}, columns, phi::formatType(&packed.context, name));
  packed.pack(true);
  ASSERT_EQ(packed.error, "");
  PanelReader reader = packed.reader();
  std::vector<float> a = decoded(first, type, columns), b = decoded(second, type, columns);
  for (int64_t r = 0; r < 21; ++r)
    for (int64_t k = 0; k < columns; ++k) {
      float expected = r < 12 ? a[fileRow(r, 12, 3) * columns + k] : b[(r - 12) * columns + k];
      ASSERT_EQ(std::bit_cast<uint32_t>(reader.value(r, k)), std::bit_cast<uint32_t>(expected))
          << name << " row " << r << " column " << k;
    }
}

TEST_P(Carry, PadsWithCodesThatMeanZero) {
  auto [name, type, columns] = GetParam();
  std::mt19937 random(8);
  int64_t blocks = columns / layoutOf(type).blockElements;
  Packed packed;
  packed.add({{name, 3, 0, randomBlocks(type, 3 * blocks, random)}}, columns,
             phi::formatType(&packed.context, name));
  packed.pack(true);
  PanelReader reader = packed.reader();
  int zero = static_cast<int>(cast<phi::QuantizedType>(reader.element).getZero());
  for (int64_t r = 0; r < 16; ++r)
    for (int64_t k = r < 3 ? columns : 0; k < (columns + 63) / 64 * 64; ++k) {
      ASSERT_EQ(reader.code(r, k), zero) << "row " << r << " column " << k;
      ASSERT_EQ(reader.value(r, k), 0) << "row " << r << " column " << k;
    }
}

INSTANTIATE_TEST_SUITE_P(Types, Carry,
                         testing::Values(CarryCase{"q4_0", ElementType::Q4_0, 96},
                                         CarryCase{"q4_1", ElementType::Q4_1, 160},
                                         CarryCase{"q8_0", ElementType::Q8_0, 96},
                                         CarryCase{"q6_k", ElementType::Q6_K, 512}),
                         [](const auto &test) { return test.param.name; });
