// Floats in panels: as they are, or rounded to a quantised type; what a type cannot hold is refused
// by name.

#include "Packed.h"
#include <limits>
#include <random>

using namespace phidias;
using namespace phidias::test;

namespace {

Part floats(int64_t rows, llvm::ArrayRef<float> values) {
  auto *bytes = reinterpret_cast<const uint8_t *>(values.data());
  return {"f32", rows, 0, {bytes, bytes + values.size() * 4}};
}

std::vector<float> normal(int64_t count) {
  std::mt19937 random(9);
  std::normal_distribution<float> distribution(0, 0.02f);
  std::vector<float> values(count);
  for (float &value : values)
    value = distribution(random);
  return values;
}

constexpr int64_t kRows = 19, kColumns = 75; // neither panels nor groups are full

} // namespace

/// Within half a unit in the last place of 24, 11 and 8 bits.
TEST(Round, PlainElementsAreNearest) {
  std::vector<float> values = normal(kRows * kColumns);
  for (auto [name, half] : {std::pair("f32", 0.0f), {"f16", 0x1p-11f}, {"bf16", 0x1p-8f}}) {
    Packed packed;
    packed.add(floats(kRows, values), kColumns, phi::formatType(&packed.context, name));
    packed.pack(true);
    ASSERT_EQ(packed.error, "");
    PanelReader reader = packed.reader();
    for (int64_t r = 0; r < 32; ++r)
      for (int64_t k = 0; k < 128; ++k) {
        float expected = r < kRows && k < kColumns ? values[r * kColumns + k] : 0;
        float bound = std::max(std::fabs(expected) * half, half == 0x1p-11f ? 0x1p-25f : 0.0f);
        ASSERT_LE(std::fabs(reader.value(r, k) - expected), bound) << name << ' ' << r << ' ' << k;
      }
  }
}

/// Of the weights as they are coded: rotated.
TEST(Round, EveryCodeIsTheNearest) {
  std::vector<float> values = normal(kRows * kColumns);
  for (const char *name : {"int8", "int4"}) {
    Packed packed;
    packed.add(floats(kRows, values), kColumns, phi::formatType(&packed.context, name));
    packed.pack(true);
    ASSERT_EQ(packed.error, "");
    PanelReader reader = packed.reader();
    auto codebook = cast<phi::QuantizedType>(reader.element).getCodebook();
    for (int64_t r = 0; r < kRows; ++r)
      for (int64_t k = 0; k < kColumns; ++k) {
        auto at = [&](int64_t c) { return c < kColumns ? values[r * kColumns + c] : 0.0; };
        auto x = static_cast<float>(PanelReader::rotated(k, at));
        float error = std::fabs(reader.quantized(r, k) - x);
        float scale = PanelReader::half(reader.halfAt(r, k, codebook ? 8 : 16));
        for (int code = codebook ? 0 : 1; code < (codebook ? 16 : 256); ++code) {
          float other = scale * static_cast<float>(codebook ? codebook[code] : code - 128);
          ASSERT_LE(error, std::fabs(other - x) * 1.0001f + 1e-8f) << name << ' ' << r << ' ' << k;
        }
      }
  }
}

/// The largest weight of a group becomes 127 steps of 8 bits.
TEST(Round, ScalesByTheLargest) {
  std::vector<float> values(16 * 32, 0.0f);
  values[3] = -2, values[4] = 1, values[5] = 0.008f;
  Packed packed;
  packed.add(floats(16, values), 32, phi::formatType(&packed.context, "q8_0"));
  packed.pack(true);
  PanelReader reader = packed.reader();
  EXPECT_EQ(reader.code(0, 3), 1);
  EXPECT_EQ(reader.code(0, 4), 128 + 64); // 63.5, or a little more as f16 rounds the scale
  EXPECT_EQ(reader.code(0, 5), 128 + 1);
  EXPECT_EQ(reader.code(1, 0), 128);
}

TEST(Round, WidenedWeightsHaveTheValuesOfTheCodes) {
  std::vector<float> values = normal(kRows * kColumns);
  for (const char *name : {"int8", "int4"}) {
    Packed codes, widened;
    codes.add(floats(kRows, values), kColumns, phi::formatType(&codes.context, name));
    codes.pack(true);
    widened.add(floats(kRows, values), kColumns, phi::formatType(&widened.context, "f32"),
                phi::formatType(&widened.context, name));
    widened.pack(false);
    ASSERT_EQ(codes.error + widened.error, "");
    ASSERT_EQ(widened.data.size(), values.size() * 4 + 60); // padded to a line
    PanelReader reader = codes.reader();
    for (int64_t i = 0; i < kRows * kColumns; ++i) // rotated back in f32: six roundings
      ASSERT_NEAR(PanelReader::word(reinterpret_cast<const uint8_t *>(widened.data.data()) + 4 * i),
                  reader.value(i / kColumns, i % kColumns), 0.1 * 6 * 0x1p-24);
  }
}

TEST(Round, RefusesWhatATypeCannotHold) {
  auto errorOf = [](const char *name, float value) {
    std::vector<float> values(20 * 40, 0.5f);
    values[18 * 40 + 39] = value;
    Packed packed;
    packed.add(floats(20, values), 40, phi::formatType(&packed.context, name));
    packed.pack(true);
    return packed.error;
  };
  const char *unfit = "weight @w, layer or member 0, row 18: a value is not finite, or too large "
                      "for an f16 scale";
  EXPECT_EQ(errorOf("int8", std::numeric_limits<float>::quiet_NaN()), unfit);
  EXPECT_EQ(errorOf("int4", std::numeric_limits<float>::infinity()), unfit);
  EXPECT_EQ(errorOf("int4", 1e20f), unfit);
  EXPECT_EQ(errorOf("int8", 1e8f), unfit);
  EXPECT_EQ(errorOf("f16", 65520),
            "weight @w, layer or member 0, row 18: a value is too large for f16");
  EXPECT_EQ(errorOf("f16", 65519), "");
  EXPECT_EQ(errorOf("q4_1", 1),
            "weight @w, layer or member 0, row 0: there is no rounding to this type");
}
