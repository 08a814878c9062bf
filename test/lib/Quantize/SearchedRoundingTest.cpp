// The searched scale against a search over a fine grid of scales in double, written apart.

#include "phidias/Quantize/Rounding.h"
#include "phidias/Support/Floats.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace phidias;

namespace {

constexpr int8_t kCodebook[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                  1,    13,   25,  38,  53,  69,  89,  113};
constexpr int64_t kGroups = 37; // two batches of 16 lanes and a rest

struct Rounded {
  std::vector<uint8_t> codes;
  std::vector<uint16_t> scales;
};

Rounded roundRow(llvm::ArrayRef<float> weights) {
  Rounded result{std::vector<uint8_t>(weights.size()),
                 std::vector<uint16_t>(weights.size() / kGroupColumns)};
  searchedRounding(kCodebook)->round(0, weights, result.codes.data(), result.scales.data());
  return result;
}

std::vector<float> heavyTailed(int64_t count) {
  std::mt19937 random(11);
  std::student_t_distribution<float> distribution(5);
  std::vector<float> values(count);
  for (float &value : values)
    value = 0.01f * distribution(random);
  return values;
}

/// Sum of (x - s q)^2 with the nearest codes.
double squaredError(const float *x, double scale) {
  double sum = 0;
  for (int64_t i = 0; i < kGroupColumns; ++i) {
    double least = INFINITY;
    for (int8_t value : kCodebook)
      least = std::min(least, std::fabs(x[i] - scale * value));
    sum += least * least;
  }
  return sum;
}

double bestError(const float *x) {
  double largest = 0, best = INFINITY;
  for (int64_t i = 0; i < kGroupColumns; ++i)
    largest = std::max<double>(largest, std::fabs(x[i]));
  for (double place = 75; place < 160; place += 0.05)
    for (double sign : {-1.0, 1.0})
      best = std::min(best, squaredError(x, sign * largest / place));
  return best;
}

} // namespace

TEST(SearchedRounding, IsNearlyAsGoodAsAFineSearch) {
  std::vector<float> weights = heavyTailed(kGroups * kGroupColumns);
  Rounded rounded = roundRow(weights);
  double ours = 0, best = 0;
  for (int64_t g = 0; g < kGroups; ++g) {
    const float *x = weights.data() + g * kGroupColumns;
    double error = squaredError(x, fromHalf(rounded.scales[g])), least = bestError(x);
    EXPECT_LT(error, 1.5 * least) << "group " << g;
    ours += error, best += least;
  }
  EXPECT_LT(ours, 1.05 * best);
}

TEST(SearchedRounding, GroupsDoNotDependOnTheirNeighbours) {
  std::vector<float> weights = heavyTailed(kGroups * kGroupColumns);
  Rounded all = roundRow(weights);
  for (int64_t g = 0; g < kGroups; ++g) {
    Rounded one = roundRow(llvm::ArrayRef(weights).slice(g * kGroupColumns, kGroupColumns));
    EXPECT_EQ(one.scales[0], all.scales[g]);
    for (int64_t i = 0; i < kGroupColumns; ++i)
      EXPECT_EQ(one.codes[i], all.codes[g * kGroupColumns + i]);
  }
}

TEST(SearchedRounding, ZerosAndExtremes) {
  std::vector<float> weights(3 * kGroupColumns, 0.0f);
  weights[40] = 1e-30f; // vanishes in f16
  weights[70] = 3e38f;  // f16 has no scale for it
  Rounded rounded = roundRow(weights);
  EXPECT_EQ(rounded.scales[0] & 0x7fff, 0);
  EXPECT_EQ(rounded.scales[1] & 0x7fff, 0);
  EXPECT_EQ(rounded.scales[2] & 0x7fff, 0x7c00);
}

TEST(SearchedRounding, ValuesOfTheCodebookComeBackExactly) {
  std::vector<float> weights(kGroupColumns);
  for (float scale : {0.0078125f, -0.5f}) {
    for (int64_t i = 0; i < kGroupColumns; ++i)
      weights[i] = scale * kCodebook[i * 7 % 16];
    Rounded rounded = roundRow(weights);
    for (int64_t i = 0; i < kGroupColumns; ++i)
      EXPECT_EQ(fromHalf(rounded.scales[0]) * kCodebook[rounded.codes[i]], weights[i]);
  }
}
