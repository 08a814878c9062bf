#include "targets/cuda/LinearManyCodes.h"
#include "targets/cuda/TensorCore.h"

using namespace mlir;

namespace phidias::cuda {

Value ManyValues::factor(Value tokenOfTile) const { return e.loadOne(factors(), tokenOfTile); }

void ManyValues::enterTokens() {
  unit = e.rem(e.thread, kRowUnits);
  token = e.div(e.thread, kRowUnits);
  record = e.add(e.mul(e.add(t.token, token), t.acts.bytes), e.mul(unit, kUnitBytes));
  present.clear();
  for (int64_t i = 0; i < t.tokens() / kTokens; ++i) {
    Value isThere = e.less(e.add(t.token, e.add(token, i * kTokens)), t.op.getCount());
    present.push_back(arith::SelectOp::create(e.b, e.loc, isThere, e.i32(kUnitBytes), e.i32(0)));
  }
  e.when(e.less(e.thread, e.index(t.tokens())), [&] {
    Value at = e.add(t.record(e.thread), t.acts.factor);
    e.storeOne(e.loadAligned(e.b.getF32Type(), t.op.getActivations(), at), factors(), e.thread);
  });
}

void ManyValues::copy(Value stage, Value from) const {
  Value own = e.mul(t.exclusiveOr(unit, e.rem(token, kRowUnits)), kUnitBytes);
  Value to = e.add(stage, e.add(e.mul(token, kRowBytes), own));
  for (auto [i, bytes] : llvm::enumerate(present))
    copyAsync(e, t.op.getActivations(), from, i * kTokens * t.acts.bytes, to,
              t.panelsBytes() + i * kTokens * kRowBytes, bytes);
}

} // namespace phidias::cuda
