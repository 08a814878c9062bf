// The fast Walsh-Hadamard transform: five stages of sums and differences.

#include "Rotate.h"

using namespace mlir;

namespace phidias::vec {

/// Lane i becomes the sum, or where i has the bit `distance` the difference, of lanes i and
/// i ^ distance.
static Value exchange(const Emitter &e, Value x, int64_t distance) {
  int64_t lanes = cast<VectorType>(x.getType()).getDimSize(0);
  SmallVector<int64_t> partners;
  SmallVector<float> signs;
  for (int64_t i = 0; i < lanes; ++i) {
    partners.push_back(i ^ distance);
    signs.push_back(i & distance ? -1.0f : 1.0f);
  }
  Value partner = vector::ShuffleOp::create(e.b, e.loc, x, x, partners);
  Value sign = arith::ConstantOp::create(
      e.b, e.loc, DenseElementsAttr::get(e.floats(lanes), ArrayRef<float>(signs)));
  return e.fma(x, sign, partner);
}

std::pair<Value, Value> rotate(const Emitter &e, Value low, Value high) {
  Value sum = e.addf(low, high), difference = e.subf(low, high);
  for (int64_t distance = kRotated / 4; distance > 0; distance /= 2) {
    sum = exchange(e, sum, distance);
    difference = exchange(e, difference, distance);
  }
  return {sum, difference};
}

} // namespace phidias::vec
