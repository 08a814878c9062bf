// Floats: a thread a channel. i8: a warp a group of 32 channels, which share a scale.

#include "targets/cuda/AppendStore.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Vectorize/CacheRegion.h"

using namespace mlir;
using phidias::vec::CacheRegion;

namespace phidias::cuda {
namespace {

/// One channel of one head: a thread's.
struct Channel {
  const Block &b;
  phi::TileAppendOp op;
  Value token, position, head, number; ///< number: index, in the head
  phi::CacheType type = op.getCacheLayout();

  CacheRegion region() {
    return vec::cacheRegion(b, op.getCache(), type, op.getLayer(), head, op.getCapacity());
  }
  Value panel() const { return b.div(position, vec::kPanel); }
  Value place() const { return b.rem(position, vec::kPanel); }

  /// `before`: heads of a row that come before those of the keys, or of the values.
  Value load(int64_t before) {
    Value column = b.add(b.mul(b.add(head, before), type.getHeadDim()), number);
    return b.loadOne(op.getQkv(), {token, column});
  }
  Value key() { return load(op.getHeads()); }
  Value value() { return load(op.getHeads() + type.getKvHeads()); }

  /// Rounds to nearest even.
  Value narrow(Value x) {
    Type to = type.getElementType();
    return to.isF32() ? x : arith::TruncFOp::create(b.b, b.loc, to, x);
  }

  void storeFloats() {
    Value k = key(), v = value();
    CacheRegion to = region();
    b.storeOne(narrow(k), to.keys, {panel(), number, place()});
    b.storeOne(narrow(v), to.values, {position, number});
  }

  /// Of the warp's group: its f16 scale, and the channel's code, -127 to 127.
  std::pair<Value, Value> quantize(Value x) {
    Value largest = b.largest(math::AbsFOp::create(b.b, b.loc, x));
    Value scale =
        arith::TruncFOp::create(b.b, b.loc, b.b.getF16Type(), b.mulf(largest, b.f32(1.0 / 127)));
    Value wide = b.toF32(scale);
    Value inverse = arith::DivFOp::create(b.b, b.loc, b.f32(1), wide);
    Value positive = arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::OGT, wide, b.f32(0));
    inverse = arith::SelectOp::create(b.b, b.loc, positive, inverse, b.f32(0));
    return {scale, codeOf(b.mulf(x, inverse))};
  }

  /// A scale that f16 holds with few bits would give more than 127.
  Value codeOf(Value scaled) {
    Value rounded = math::RoundEvenOp::create(b.b, b.loc, scaled);
    Value least = arith::MaxNumFOp::create(b.b, b.loc, rounded, b.f32(-127));
    Value code = arith::MinNumFOp::create(b.b, b.loc, least, b.f32(127));
    Value word = arith::FPToSIOp::create(b.b, b.loc, b.b.getI32Type(), code);
    return arith::TruncIOp::create(b.b, b.loc, b.b.getI8Type(), word);
  }

  void storeCodes(Value group) {
    CacheRegion to = region();
    auto [keyScale, keyCode] = quantize(key());
    auto [valueScale, valueCode] = quantize(value());
    Value bias = arith::ConstantIntOp::create(b.b, b.loc, -128, 8);
    Value lane = b.add(b.mul(place(), 4), b.rem(number, 4));
    b.storeOne(arith::XOrIOp::create(b.b, b.loc, keyCode, bias), to.keys,
               {panel(), b.div(number, 4), lane});
    b.storeOne(valueCode, to.values,
               {b.div(position, vec::kQuad),
                b.add(b.mul(number, vec::kQuad), b.rem(position, vec::kQuad))});
    Value scales = b.add(b.mul(position, type.getHeadDim() / vec::kGroup), group);
    Value isFirst = arith::CmpIOp::create(b.b, b.loc, arith::CmpIPredicate::eq, b.lane, b.index(0));
    b.when(isFirst, [&] {
      b.storeOne(keyScale, to.keyScales, {panel(), group, place()});
      b.storeOne(valueScale, to.valueScales, scales);
    });
  }
};

} // namespace

void storeHeads(const Block &b, phi::TileAppendOp op, Value token, Value position, Value first,
                Value count) {
  phi::CacheType type = op.getCacheLayout();
  int64_t headDim = type.getHeadDim();
  if (!type.getElementType().isInteger(8))
    return b.eachThread(b.index(0), b.mul(count, headDim), [&](Value i) {
      Value head = b.add(first, b.div(i, headDim));
      Channel{b, op, token, position, head, b.rem(i, headDim)}.storeFloats();
    });
  int64_t groups = headDim / vec::kGroup;
  b.loop(b.warp, b.mul(count, groups), kWarps, [&](Value i) {
    Value head = b.add(first, b.div(i, groups)), group = b.rem(i, groups);
    Value number = b.add(b.mul(group, vec::kGroup), b.lane);
    Channel{b, op, token, position, head, number}.storeCodes(group);
  });
}

} // namespace phidias::cuda
