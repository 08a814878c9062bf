// i8 activations → f16.

#include "targets/cuda/LinearManyCodes.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr int64_t kThreadsAToken = 4;
static constexpr int64_t kScaleLoads = 4; // in flight, while the largest is looked for
// What a row of zeros, or one of scales below f32's normal range, is divided by.
static constexpr double kSmallest = 1e-37;

Value ManyValues::largestAt(Value tokenOfTile) const {
  return e.add(tokenOfTile, t.factorsAt() / 4);
}

Value ManyValues::largest(Value tokenOfTile) const {
  return e.loadOne(t.sharedAs(e.b.getF32Type()), largestAt(tokenOfTile));
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
  Value shared = t.sharedAs(e.b.getF32Type());
  tokens.clear(), records.clear(), inverses.clear();
  for (int64_t block = 0; block < t.blocks; ++block) {
    Value token = e.add(e.div(e.thread, kThreadsAToken), block * kBlockThreads / kThreadsAToken);
    tokens.push_back(token);
    records.push_back(t.record(token));
    Value scale = largestScale(records.back());
    inverses.push_back(arith::DivFOp::create(e.b, e.loc, e.f32(1), scale));
    e.when(arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, part, e.index(0)),
           [&] { e.storeOne(scale, shared, largestAt(token)); });
  }
}

vec::Values ManyValues::load(Value chunk) const {
  vec::Values loaded;
  Value activations = t.op.getActivations();
  Value group = e.add(e.mul(chunk, 2), e.div(part, 2));
  for (Value record : records) {
    Value codes = e.add(e.add(record, e.mul(chunk, phi::kStepColumns)), e.mul(part, kUnitBytes));
    Value scale = e.add(e.add(record, t.acts.scales), e.mul(group, 4));
    loaded.push_back(e.loadAligned(e.vector(4, e.b.getI32Type()), activations, codes));
    loaded.push_back(e.loadAligned(e.b.getF32Type(), activations, scale));
  }
  return loaded;
}

void ManyValues::store(ValueRange loaded, Value stage) const {
  Type unit = e.vector(4, e.b.getI32Type());
  Value shared = t.sharedAs(unit), first = e.add(stage, t.panelUnits());
  for (int64_t block = 0; block < t.blocks; ++block) {
    Value scale = halves.both(e.mulf(loaded[2 * block + 1], inverses[block]));
    vec::Values words[2];
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t odd = 0; odd < 2; ++odd) {
        Value word = vector::ExtractOp::create(e.b, e.loc, loaded[2 * block], i);
        // The sign bit, flipped, makes of a code - 128 .. 127 the byte code + 128.
        Value bytes =
            halves.exclusiveOr(halves.andBits(halves.right(word, 8 * odd), 0x00ff00ff), 0x64806480);
        words[odd].push_back(halves.asWord(halves.mul(halves.less(bytes, 128), scale)));
      }
    for (int64_t odd = 0; odd < 2; ++odd) {
      Value own = t.exclusiveOr(e.add(e.mul(part, 2), odd), e.rem(tokens[block], kRowUnits));
      Value at = e.add(first, e.add(e.mul(tokens[block], kRowUnits), own));
      e.storeOne(vector::FromElementsOp::create(e.b, e.loc, cast<VectorType>(unit), words[odd]),
                 shared, at);
    }
  }
}

} // namespace phidias::cuda
