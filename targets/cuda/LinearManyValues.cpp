// i8 activations → f16.

#include "targets/cuda/LinearManyCodes.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kThreadsAToken = 4, kTokens = kBlockThreads / kThreadsAToken;
static constexpr int64_t kScaleLoads = 4; // in flight, while the largest is looked for
// What a row of zeros, or one of scales below f32's normal range, is divided by.
static constexpr double kSmallest = 1e-37;

Value ManyValues::largest(Value tokenOfTile) const {
  return e.loadOne(t.shared(e.b.getF32Type(), e.index(t.factorsAt())), tokenOfTile);
}

/// A thread looks at every fourth step's two scales.
Value ManyValues::largestScale(Value record) const {
  Type two = e.floats(2);
  Value last = e.index(t.steps - 1), start = e.add(record, t.acts.scales);
  auto body = [&](Value step, ValueRange carried) {
    Value most = carried[0];
    for (int64_t i = 0; i < kScaleLoads; ++i) {
      Value own = e.min(e.add(e.add(step, part), i * kThreadsAToken), last);
      most = e.maxf(most, e.loadAligned(two, t.op.getActivations(), e.add(start, e.mul(own, 8))));
    }
    return vec::Values{most};
  };
  Value most = e.loop(e.index(0), e.index(t.steps), kScaleLoads * kThreadsAToken,
                      e.splat(2, e.f32(kSmallest)), body)[0];
  Value larger = e.maxf(vector::ExtractOp::create(e.b, e.loc, most, 0),
                        vector::ExtractOp::create(e.b, e.loc, most, 1));
  return e.largest(larger, kThreadsAToken);
}

void ManyValues::enterTokens() {
  part = e.rem(e.thread, kThreadsAToken);
  token = e.div(e.thread, kThreadsAToken);
  records.clear();
  inverses.clear();
  Value factors = t.shared(e.b.getF32Type(), e.index(t.factorsAt()));
  Value isFirst = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, part, e.index(0));
  for (int64_t block = 0; block < t.blocks; ++block) {
    records.push_back(t.record(e.add(token, block * kTokens)));
    Value scale = largestScale(records.back());
    inverses.push_back(arith::DivFOp::create(e.b, e.loc, e.f32(1), scale));
    e.when(isFirst, [&] { e.storeOne(scale, factors, e.add(token, block * kTokens)); });
  }
}

vec::Values ManyValues::load(Value chunk) const {
  vec::Values loaded;
  Value activations = t.op.getActivations();
  Value codes = e.add(e.mul(chunk, phi::kStepColumns), e.mul(part, kUnitBytes));
  Value scale = e.add(e.mul(e.add(e.mul(chunk, 2), e.div(part, 2)), 4), t.acts.scales);
  for (Value record : records) {
    loaded.push_back(
        e.loadAligned(e.vector(4, e.b.getI32Type()), activations, e.add(record, codes)));
    loaded.push_back(e.loadAligned(e.b.getF32Type(), activations, e.add(record, scale)));
  }
  return loaded;
}

/// Codes 0 and 2 of each word, or `odd` codes 1 and 3, times the scale.
Value ManyValues::scaledPairs(Value words, int64_t odd, Value scale) const {
  vec::Values pairs;
  for (int64_t i = 0; i < 4; ++i) {
    Value word = halves.right(vector::ExtractOp::create(e.b, e.loc, words, i), 8 * odd);
    Value bytes = halves.exclusiveOr(halves.andBits(word, 0x00ff00ff), flipped);
    pairs.push_back(halves.asWord(halves.mul(halves.less(bytes, 128), scale)));
  }
  return vector::FromElementsOp::create(e.b, e.loc, e.vector(4, e.b.getI32Type()), pairs);
}

void ManyValues::store(ValueRange loaded, Value stage) const {
  Type unit = e.vector(4, e.b.getI32Type());
  Value even = t.exclusiveOr(e.mul(part, 2), e.rem(token, kRowUnits));
  Value start = e.add(stage, e.mul(token, kRowBytes));
  for (int64_t odd = 0; odd < 2; ++odd) {
    Value own = t.exclusiveOr(even, e.index(odd));
    Value shared = t.shared(unit, e.add(start, e.mul(own, kUnitBytes)));
    for (int64_t block = 0; block < t.blocks; ++block) {
      Value scale = halves.both(e.mulf(loaded[2 * block + 1], inverses[block]));
      int64_t at = t.panelsBytes() + block * kTokens * kRowBytes;
      e.storeOne(scaledPairs(loaded[2 * block], odd, scale), shared, e.index(at / kUnitBytes));
    }
  }
}

} // namespace phidias::cuda
