// mma.sync against plain matrix products. Where an element lies is written as the PTX ISA has it
// ("Matrix Fragments for mma.m16n8k16 with floating point type", "... for mma.m16n8k32"), element
// by element.

#include "Kernel.h"
#include <bit>
#include <cstring>
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;
using phirt::abi::SimMma;

namespace {

struct Place {
  int row, column;
};

int group(int lane) { return lane >> 2; }
int inGroup(int lane) { return lane % 4; }

Place placeOfA16(int lane, int i) { // a0..a7
  int row = (i < 2) || (i >= 4 && i < 6) ? group(lane) : group(lane) + 8;
  int column = i < 4 ? inGroup(lane) * 2 + (i & 1) : inGroup(lane) * 2 + (i & 1) + 8;
  return {row, column};
}
Place placeOfB16(int lane, int i) { // b0..b3
  int row = i < 2 ? inGroup(lane) * 2 + (i & 1) : inGroup(lane) * 2 + (i & 1) + 8;
  return {row, group(lane)};
}
Place placeOfA8(int lane, int i) { // a0..a15
  int row = (i < 4) || (i >= 8 && i < 12) ? group(lane) : group(lane) + 8;
  int column = i < 8 ? inGroup(lane) * 4 + (i & 3) : inGroup(lane) * 4 + (i & 3) + 16;
  return {row, column};
}
Place placeOfB8(int lane, int i) { // b0..b7
  int row = i < 4 ? inGroup(lane) * 4 + (i & 3) : inGroup(lane) * 4 + (i & 3) + 16;
  return {row, group(lane)};
}
Place placeOfC(int lane, int i) { // c0..c3
  return {i < 2 ? group(lane) : group(lane) + 8, inGroup(lane) * 2 + (i & 1)};
}

// Small integers: exact in every type, whatever the order of the sums.
int valueA(int row, int k) { return (row * 7 + k * 5) % 13 - 6; }
int valueB(int k, int column) { return (k * 3 + column * 11) % 9 - 4; }
int valueC(int row, int column) { return row * 8 - column; }
int product(int row, int column, int inner, int shiftA = 0, int shiftB = 0) {
  int sum = valueC(row, column);
  for (int k = 0; k < inner; ++k)
    sum += (valueA(row, k) + shiftA) * (valueB(k, column) + shiftB);
  return sum;
}

uint16_t f16(int value) { return std::bit_cast<uint16_t>(static_cast<_Float16>(value)); }
uint16_t bf16(int value) {
  return static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(value)) >> 16);
}

template <class Body> std::vector<int32_t> runWarp(Body body) {
  Kernel kernel{.threads = 32, .arenaBytes = 32 * 16};
  kernel.body = [=](const ForwardArgs &args) {
    int32_t d[4] = {};
    body(static_cast<int>(lane()), d);
    memcpy(args.arena + 16 * lane(), d, sizeof d);
  };
  return kernel.run();
}

void checkHalves(SimMma kind, uint16_t (*encode)(int)) {
  std::vector<int32_t> result = runWarp([=](int lane, int32_t *d) {
    uint16_t a[8], b[4];
    float c[4];
    for (int i = 0; i < 8; ++i)
      a[i] = encode(valueA(placeOfA16(lane, i).row, placeOfA16(lane, i).column));
    for (int i = 0; i < 4; ++i)
      b[i] = encode(valueB(placeOfB16(lane, i).row, placeOfB16(lane, i).column));
    for (int i = 0; i < 4; ++i)
      c[i] = static_cast<float>(valueC(placeOfC(lane, i).row, placeOfC(lane, i).column));
    int32_t words[10];
    memcpy(words, a, 16);
    memcpy(words + 4, b, 8);
    memcpy(words + 6, c, 16);
    phisim_mma(static_cast<int32_t>(kind), words, words + 4, words + 6, d, 0);
  });
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) {
      Place place = placeOfC(lane, i);
      EXPECT_EQ(std::bit_cast<float>(result[lane * 4 + i]), product(place.row, place.column, 16));
    }
}

void checkBytes(SimMma kind, bool aSigned, bool bSigned) {
  // Unsigned values from 128 on would be negative if they were taken for signed ones.
  int shiftA = aSigned ? 0 : 200, shiftB = bSigned ? 0 : 180;
  std::vector<int32_t> result = runWarp([=](int lane, int32_t *d) {
    uint8_t a[16], b[8];
    int32_t c[4], words[6];
    for (int i = 0; i < 16; ++i)
      a[i] =
          static_cast<uint8_t>(valueA(placeOfA8(lane, i).row, placeOfA8(lane, i).column) + shiftA);
    for (int i = 0; i < 8; ++i)
      b[i] =
          static_cast<uint8_t>(valueB(placeOfB8(lane, i).row, placeOfB8(lane, i).column) + shiftB);
    for (int i = 0; i < 4; ++i)
      c[i] = valueC(placeOfC(lane, i).row, placeOfC(lane, i).column);
    memcpy(words, a, 16);
    memcpy(words + 4, b, 8);
    phisim_mma(static_cast<int32_t>(kind), words, words + 4, c, d, 0);
  });
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) {
      Place place = placeOfC(lane, i);
      EXPECT_EQ(result[lane * 4 + i], product(place.row, place.column, 32, shiftA, shiftB));
    }
}

} // namespace

TEST(Mma, F16) { checkHalves(SimMma::F16, f16); }
TEST(Mma, Bf16) { checkHalves(SimMma::Bf16, bf16); }
TEST(Mma, S8S8) { checkBytes(SimMma::S8S8, true, true); }
TEST(Mma, S8U8) { checkBytes(SimMma::S8U8, true, false); }
TEST(Mma, U8S8) { checkBytes(SimMma::U8S8, false, true); }
TEST(Mma, U8U8) { checkBytes(SimMma::U8U8, false, false); }

TEST(Mma, F16IntoF16) {
  std::vector<int32_t> result = runWarp([](int lane, int32_t *d) {
    uint16_t all[16];
    for (int i = 0; i < 8; ++i)
      all[i] = f16(valueA(placeOfA16(lane, i).row, placeOfA16(lane, i).column));
    for (int i = 0; i < 4; ++i)
      all[8 + i] = f16(valueB(placeOfB16(lane, i).row, placeOfB16(lane, i).column));
    for (int i = 0; i < 4; ++i)
      all[12 + i] = f16(valueC(placeOfC(lane, i).row, placeOfC(lane, i).column));
    int32_t words[8];
    memcpy(words, all, sizeof words);
    phisim_mma(static_cast<int32_t>(SimMma::F16Half), words, words + 4, words + 6, d, 0);
  });
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) {
      Place place = placeOfC(lane, i);
      uint32_t half = static_cast<uint32_t>(result[lane * 4 + i / 2]) >> (16 * (i % 2)) & 0xffff;
      EXPECT_EQ(half, f16(product(place.row, place.column, 16)));
    }
}

// Every f16: infinities, subnormals and zeros too, as what it multiplies by 1.
TEST(Mma, DecodesEveryF16) {
  for (uint32_t bits = 0; bits < 0x10000; bits += 0x40 - (bits < 0x400 ? 0x3f : 0)) {
    float expected = static_cast<float>(std::bit_cast<_Float16>(static_cast<uint16_t>(bits)));
    std::vector<int32_t> result = runWarp([=](int lane, int32_t *d) {
      // A has `bits` in column 0 alone, B has 1 in row 0 alone.
      int32_t a[4] = {}, b[2] = {}, c[4] = {};
      if (inGroup(lane) == 0) {
        a[0] = static_cast<int32_t>(bits);
        b[0] = f16(1);
      }
      phisim_mma(static_cast<int32_t>(SimMma::F16), a, b, c, d, 0);
    });
    float got = std::bit_cast<float>(result[0]);
    EXPECT_TRUE(got == expected || (got != got && expected != expected)) << bits;
  }
}
