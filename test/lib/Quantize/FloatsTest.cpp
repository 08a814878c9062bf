// Halves round to nearest, ties to even. Expectations: numpy.float16's bits.

#include "phidias/Support/Floats.h"
#include <gtest/gtest.h>
#include <limits>

using namespace phidias;

TEST(Floats, ToHalf) {
  const std::pair<float, uint16_t> cases[] = {
      {0.0f, 0x0000},           {-0.0f, 0x8000},
      {1.0f, 0x3c00},           {1.00048828125f, 0x3c00}, // between 1 and 1 + 2^-10: even
      {1.00146484375f, 0x3c02},                           // between 1 + 2^-10 and 1 + 2^-9: even
      {1.0004884f, 0x3c01},     {65504.0f, 0x7bff},
      {65519.996f, 0x7bff},     {65520.0f, 0x7c00},
      {1e20f, 0x7c00},          {-1e20f, 0xfc00},
      {6.1035156e-05f, 0x0400}, {6.1005354e-05f, 0x0400},
      {6.1005350e-05f, 0x03ff}, {5.9604645e-08f, 0x0001},
      {2.9802322e-08f, 0x0000}, // half of the smallest: even
      {2.9802326e-08f, 0x0001}, {8.940697e-08f, 0x0002},
      {1e-20f, 0x0000},         {0.1f, 0x2e66},
      {-3.14159f, 0xc248},      {std::numeric_limits<float>::infinity(), 0x7c00}};
  for (auto [value, bits] : cases)
    EXPECT_EQ(toHalf(value), bits) << value;
  EXPECT_GT(toHalf(std::numeric_limits<float>::quiet_NaN()) & 0x7fff, 0x7c00);
}

TEST(Floats, EveryHalfComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0)
      continue; // NaN
    EXPECT_EQ(toHalf(fromHalf(static_cast<uint16_t>(bits))), bits);
  }
}

TEST(Floats, ToBf16) {
  EXPECT_EQ(toBf16(1.0f), 0x3f80);
  EXPECT_EQ(toBf16(1.00390625f), 0x3f80); // half way: even
  EXPECT_EQ(toBf16(1.01171875f), 0x3f82);
  EXPECT_EQ(toBf16(3.4028235e38f), 0x7f80);
}
