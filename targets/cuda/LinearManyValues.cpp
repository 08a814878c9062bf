#include "targets/cuda/LinearFewRing.h"
#include "targets/cuda/LinearManyCodes.h"

using namespace mlir;

namespace phidias::cuda {

static Value factors(const ManyTile &t) {
  return t.shared(t.e.b.getF32Type(), t.e.index(t.factorsAt()));
}

Value factorOf(const ManyTile &t, Value tokenOfTile) {
  return t.e.loadOne(factors(t), tokenOfTile);
}

void bringFactors(const ManyTile &t) {
  const Block &e = t.e;
  e.when(e.less(e.thread, e.index(t.tokens())), [&] {
    Value at = e.add(t.record(e.thread), t.acts.factor);
    e.storeOne(e.loadAligned(e.b.getF32Type(), t.op.getActivations(), at), factors(t), e.thread);
  });
}

void ManyValues::enter() {
  Value start = addressOf(e, t.op.getActivations()), first = t.token;
  Value last = e.sub(t.op.getCount(), e.index(1));
  rows.clear();
  for (int64_t i = 0; i < t.tokens() / kTokens; ++i) {
    Value own = e.min(e.add(first, e.add(token(), i * kTokens)), last);
    rows.push_back(e.add(e.add(start, e.mul(own, t.acts.bytes)), e.mul(unit(), kUnitBytes)));
  }
}

void ManyValues::copy(Value stage, Value from) const {
  Value own = e.mul(t.exclusiveOr(unit(), e.rem(token(), kRowUnits)), kUnitBytes);
  Value start = addressOf(e, e.shared(0, t.sharedBytes(), e.b.getI8Type()));
  Value to = e.add(start, e.add(stage, e.add(e.mul(token(), kRowBytes), own)));
  for (auto [i, row] : llvm::enumerate(rows))
    copyBytes(e, e.add(row, from), e.add(to, t.panelsBytes() + i * kTokens * kRowBytes),
              kUnitBytes);
}

} // namespace phidias::cuda
