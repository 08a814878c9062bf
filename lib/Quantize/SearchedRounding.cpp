// Codebook codes with a searched scale. For each group of 32 weights x the codes q and the scale s
// shall make the sum of (x - s q)^2 small. For given codes the best scale is known,
// s = sum(x q) / sum(q^2), and what it leaves is smallest where sum(x q)^2 / sum(q^2) is largest.
// Codes come from putting the group's largest weight near either end of the codebook: 80 places,
// every fourth first, then the neighbours of the best. 16 groups are searched at a time, one in
// each lane. The codebook is finest around zero and widest at its ends, which already serves the
// large weights: weighting the squares by x^2 on top measured no better (docs/FIGURES.md).
//
// Plain vector arithmetic in a fixed order, without contraction: every machine finds the same
// codes.

#include "phidias/Quantize/Rounding.h"
#include "phidias/Support/Floats.h"
#include <algorithm>
#include <array>
#include <cmath>

#if defined(__x86_64__)
#define PHIDIAS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PHIDIAS_CLONES
#endif
#define PHIDIAS_INLINE __attribute__((always_inline)) inline

namespace phidias {
namespace {

constexpr int64_t kLanes = 16;
using Floats __attribute__((ext_vector_type(kLanes))) = float;
using Bytes __attribute__((ext_vector_type(4 * kLanes))) = int8_t;
using SixteenBytes __attribute__((ext_vector_type(kLanes))) = int8_t;
using Ints __attribute__((ext_vector_type(kLanes))) = int32_t;

struct Codebook {
  std::array<float, 16> values;
  std::array<float, 15> borders; ///< halfway between neighbours
  std::array<int8_t, 16> bytes;
  std::array<int8_t, 15> byteBorders; ///< a greater byte is nearer to the next value
};

/// 16 groups; weights are divided by the largest of their group.
struct Groups {
  Floats weights[kGroupColumns];
  Floats largest; ///< with its sign; 1 where all are zero
};

/// What the search has found so far.
struct Best {
  Floats score, scale, place;
};

// Places: the largest weight becomes place 0 to 39 of the lower end (from -150 in steps of 1.5),
// place 40 to 79 of the upper end (from 80).
constexpr int kEndPlaces = 40, kCoarse = 4;
constexpr float kStep = 1.5f, kLowerEnd = -150, kUpperEnd = 80;

/// 64 weights on the codebook's scale, rounded to bytes.
PHIDIAS_INLINE Bytes toBytes(const Floats *weights, const Floats &place) {
  SixteenBytes parts[4];
  for (int64_t i = 0; i < 4; ++i) {
    Floats at = weights[i] * place;
    at = at > Floats(127.0f) ? Floats(127.0f) : at;
    at = at < Floats(-127.0f) ? Floats(-127.0f) : at;
    // 1.5 * 2^23 leaves the nearest integer in the low bits.
    Ints bits = __builtin_bit_cast(Ints, at + Floats(0x1.8p23f));
    parts[i] = __builtin_convertvector(bits, SixteenBytes);
  }
  return __builtin_bit_cast(Bytes, parts);
}

/// The values of the nearest codes: bytes, so that a compare serves 64 weights.
PHIDIAS_INLINE void nearestValues(const Floats *weights, const Floats &place, const Codebook &book,
                                  Floats *values) {
  Bytes at = toBytes(weights, place), nearest = Bytes(book.bytes[0]);
  for (int64_t k = 0; k < 15; ++k)
    nearest = at > Bytes(book.byteBorders[k]) ? Bytes(book.bytes[k + 1]) : nearest;
  SixteenBytes parts[4];
  __builtin_memcpy(parts, &nearest, sizeof(parts));
  for (int64_t i = 0; i < 4; ++i)
    values[i] = __builtin_convertvector(parts[i], Floats);
}

PHIDIAS_INLINE void tryPlace(const Groups &groups, const Codebook &book, const Floats &place,
                             Best &best) {
  Floats products = {}, squares = {};
  for (int64_t first = 0; first < kGroupColumns; first += 4) {
    Floats values[4];
    nearestValues(groups.weights + first, place, book, values);
    for (int64_t i = 0; i < 4; ++i) {
      products += groups.weights[first + i] * values[i];
      squares += values[i] * values[i];
    }
  }
  Floats scale = products / squares, score = scale * products;
  Ints better = score > best.score;
  best.score = better ? score : best.score;
  best.scale = better ? scale : best.scale;
  best.place = better ? place : best.place;
}

PHIDIAS_INLINE void search(const Groups &groups, const Codebook &book, Best &best) {
  best.score = best.scale = best.place = Floats{};
  for (float end : {kLowerEnd, kUpperEnd})
    for (int step = 0; step < kEndPlaces; step += kCoarse)
      tryPlace(groups, book, Floats(end + kStep * static_cast<float>(step)), best);
  Floats coarse = best.place;
  for (int step = 1 - kCoarse; step < kCoarse; ++step)
    if (step != 0)
      tryPlace(groups, book, coarse + Floats(kStep * static_cast<float>(step)), best);
}

/// Scales of 16 groups, relative to their largest weight; 0 where all weights are 0.
PHIDIAS_CLONES void searchScales(const Groups &groups, const Codebook &book, Floats &scales) {
  Best best;
  search(groups, book, best);
  scales = best.scale;
}

/// Codes of 16 groups: `inverse` of the scale, to what the weights are divided by.
PHIDIAS_CLONES void nearestCodes(const Groups &groups, const Codebook &book, const Floats &inverse,
                                 Ints *codes) {
  for (int64_t i = 0; i < kGroupColumns; ++i) {
    Floats at = groups.weights[i] * inverse;
    Ints code = {};
    for (int64_t k = 0; k < 15; ++k)
      code -= at > Floats(book.borders[k]);
    codes[i] = code;
  }
}

class SearchedRounding : public Rounding {
public:
  explicit SearchedRounding(llvm::ArrayRef<int8_t> values) {
    std::copy_n(values.begin(), 16, book.values.begin());
    std::copy_n(values.begin(), 16, book.bytes.begin());
    for (int64_t k = 0; k < 15; ++k) {
      book.borders[k] = (book.values[k] + book.values[k + 1]) / 2;
      book.byteBorders[k] = static_cast<int8_t>(std::floor(book.borders[k]));
    }
  }

  void round(int64_t, llvm::ArrayRef<float> weights, uint8_t *codes,
             uint16_t *scales) const override {
    int64_t count = static_cast<int64_t>(weights.size()) / kGroupColumns;
    for (int64_t first = 0; first < count; first += kLanes)
      roundGroups(weights.data() + first * kGroupColumns, std::min(kLanes, count - first),
                  codes + first * kGroupColumns, scales + first);
  }

private:
  /// Weights of `count` groups into lanes; zeros beyond.
  static void load(const float *weights, int64_t count, Groups &groups) {
    groups = {};
    groups.largest = 1;
    for (int64_t g = 0; g < count; ++g) {
      const float *x = weights + g * kGroupColumns;
      float largest = *std::max_element(
          x, x + kGroupColumns, [](float a, float b) { return std::fabs(a) < std::fabs(b); });
      groups.largest[g] = largest == 0 ? 1 : largest;
      for (int64_t i = 0; i < kGroupColumns; ++i)
        groups.weights[i][g] = x[i] / groups.largest[g];
    }
  }

  void roundGroups(const float *weights, int64_t count, uint8_t *codes, uint16_t *scales) const {
    Groups groups;
    load(weights, count, groups);
    Floats relative, inverse = {};
    searchScales(groups, book, relative);
    for (int64_t g = 0; g < count; ++g) {
      scales[g] = toHalf(relative[g] * groups.largest[g]);
      float scale = fromHalf(scales[g]);
      inverse[g] = scale == 0 ? 0 : groups.largest[g] / scale;
    }
    Ints found[kGroupColumns];
    nearestCodes(groups, book, inverse, found);
    for (int64_t g = 0; g < count; ++g)
      for (int64_t i = 0; i < kGroupColumns; ++i)
        codes[g * kGroupColumns + i] = static_cast<uint8_t>(found[i][g]);
  }

  Codebook book;
};

} // namespace

std::unique_ptr<Rounding> searchedRounding(llvm::ArrayRef<int8_t> codebook) {
  return std::make_unique<SearchedRounding>(codebook);
}

} // namespace phidias
