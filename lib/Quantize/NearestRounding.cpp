#include "phidias/Quantize/Rounding.h"
#include "phidias/Support/Floats.h"
#include <algorithm>
#include <cmath>

namespace phidias {
namespace {

class NearestRounding : public Rounding {
public:
  void round(int64_t, llvm::ArrayRef<float> weights, uint8_t *codes,
             uint16_t *scales) const override {
    for (size_t first = 0; first < weights.size(); first += kGroupColumns)
      scales[first / kGroupColumns] = roundGroup(weights.data() + first, codes + first);
  }

private:
  /// Codes are taken with the scale as f16 holds it.
  static uint16_t roundGroup(const float *weights, uint8_t *codes) {
    float largest = 0;
    for (int64_t i = 0; i < kGroupColumns; ++i)
      largest = std::max(largest, std::fabs(weights[i]));
    uint16_t scale = toHalf(largest / 127);
    float value = fromHalf(scale), inverse = value > 0 ? 1 / value : 0;
    for (int64_t i = 0; i < kGroupColumns; ++i) {
      float code = std::min(std::max(weights[i] * inverse, -127.0f), 127.0f);
      // Adding 1.5 * 2^23 rounds to an integer, ties to even, in the low bits.
      codes[i] = static_cast<uint8_t>(std::bit_cast<uint32_t>(code + 0x1.8p23f) + 128);
    }
    return scale;
  }
};

} // namespace

std::unique_ptr<Rounding> nearestRounding() { return std::make_unique<NearestRounding>(); }

} // namespace phidias
