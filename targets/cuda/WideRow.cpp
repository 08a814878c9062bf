#include "targets/cuda/WideRow.h"
#include "dialects/phi/Panel.h"

using namespace mlir;

namespace phidias::cuda {

phi::ActivationLayout recordLayout(Type weight, Type activation, int64_t columns) {
  return phi::activationLayout(weight, activation, columns, /*matrix=*/false, /*wide=*/true);
}

/// Nibbles that were looked up come two columns to a word; a mask takes every second byte.
std::array<int64_t, 2> widePair(phi::QuantizedType weight, int64_t pair) {
  if (weight.getCodebook())
    return {2 * pair, 2 * pair + 1};
  return {pair, pair + 2};
}

Value wideQuad(const vec::Emitter &e, Value quad) {
  Value part = e.mul(e.div(quad, 4), 2 * kWidePairBytes);
  return e.add(part, e.mul(e.rem(quad, 4), 4));
}

Value partQuad(const vec::Emitter &e, Value quad, int64_t part, int64_t parts) {
  constexpr int64_t kQuads = phi::kStepColumns / 4;
  Value chunk = e.mul(e.div(quad, kQuads), parts * kQuads);
  return e.add(e.add(chunk, e.rem(quad, kQuads)), part * kQuads);
}

} // namespace phidias::cuda
