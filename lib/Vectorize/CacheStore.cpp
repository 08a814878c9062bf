#include "CacheAppend.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {
namespace {

/// A head's f32 channels, and where they go.
struct Head {
  const Emitter &e;
  phi::CacheType type;
  Value rows, token, column, position;
  int64_t lanes;

  Value panel() const { return e.div(position, kPanel); }
  Value place() const { return e.rem(position, kPanel); }
  Value load(Value channel, int64_t count) const {
    return e.load(count, rows, {token, e.add(column, channel)});
  }

  /// Channels of a key lie 16 elements apart.
  void storeKey(Value keys) const {
    e.loop(e.index(0), e.index(type.getHeadDim()), 1, [&](Value c) {
      Value x = e.loadOne(rows, {token, e.add(column, c)});
      e.storeOne(narrow(x), keys, {panel(), c, place()});
    });
  }

  void storeValue(Value values) const {
    int64_t step = llvm::MinAlign(type.getHeadDim(), lanes);
    e.loop(e.index(0), e.index(type.getHeadDim()), step,
           [&](Value c) { e.store(narrow(load(c, step)), values, {position, c}); });
  }

  /// Rounds to nearest even.
  Value narrow(Value x) const {
    if (type.getElementType().isF32())
      return x;
    Type to = type.getElementType();
    if (auto vector = dyn_cast<VectorType>(x.getType()))
      to = e.vector(vector.getDimSize(0), to);
    return arith::TruncFOp::create(e.b, e.loc, to, x);
  }

  /// The f16 scale of a group and 1 / scale, which is 0 where the scale is.
  std::pair<Value, Value> scaleOf(Value x) const {
    Value largest = e.reduce(vector::CombiningKind::MAXNUMF, math::AbsFOp::create(e.b, e.loc, x));
    Value scale =
        arith::TruncFOp::create(e.b, e.loc, e.b.getF16Type(), e.mulf(largest, e.f32(1.0 / 127)));
    Value wide = e.toF32(scale);
    Value inverse = arith::DivFOp::create(e.b, e.loc, e.f32(1), wide);
    Value positive = arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OGT, wide, e.f32(0));
    return {scale, arith::SelectOp::create(e.b, e.loc, positive, inverse, e.f32(0))};
  }

  /// Codes -127 to 127 of a group, as i8. A scale that f16 holds with few bits would give more.
  Value codesOf(Value x, Value inverse) const {
    Value scaled = e.mulf(x, e.splat(kGroup, inverse));
    Value rounded = math::RoundEvenOp::create(e.b, e.loc, scaled);
    Value most = e.splat(kGroup, e.f32(127)), least = e.splat(kGroup, e.f32(-127));
    Value codes = arith::MinNumFOp::create(
        e.b, e.loc, arith::MaxNumFOp::create(e.b, e.loc, rounded, least), most);
    Value words = arith::FPToSIOp::create(e.b, e.loc, e.vector(kGroup, e.b.getI32Type()), codes);
    return arith::TruncIOp::create(e.b, e.loc, e.vector(kGroup, e.b.getI8Type()), words);
  }

  void forGroups(function_ref<void(Value group, Value codes, Value scale)> body) const {
    e.loop(e.index(0), e.index(type.getHeadDim() / kGroup), 1, [&](Value group) {
      Value x = load(e.mul(group, kGroup), kGroup);
      auto [scale, inverse] = scaleOf(x);
      body(group, codesOf(x, inverse), scale);
    });
  }

  /// Four channels of a position lie together, as unsigned codes.
  void storeKeyI8(const CacheRegion &region) const {
    forGroups([&](Value group, Value codes, Value scale) {
      Value bias = arith::ConstantOp::create(
          e.b, e.loc, DenseElementsAttr::get(cast<ShapedType>(codes.getType()), int8_t(-128)));
      Value biased = arith::XOrIOp::create(e.b, e.loc, codes, bias);
      for (int64_t word = 0; word < kGroup / 4; ++word) {
        Value four = vector::ExtractStridedSliceOp::create(e.b, e.loc, biased, word * 4, 4, 1);
        Value row = e.add(e.mul(group, kGroup / 4), word);
        e.store(four, region.keys, {panel(), row, e.mul(place(), 4)});
      }
      e.storeOne(scale, region.keyScales, {panel(), group, place()});
    });
  }

  /// So do four positions of a channel.
  void storeValueI8(const CacheRegion &region) const {
    forGroups([&](Value group, Value codes, Value scale) {
      Value quad = e.div(position, kQuad), place = e.rem(position, kQuad);
      for (int64_t c = 0; c < kGroup; ++c) {
        Value code = vector::ExtractOp::create(e.b, e.loc, codes, c);
        Value channel = e.add(e.mul(group, kGroup), c);
        e.storeOne(code, region.values, {quad, e.add(e.mul(channel, kQuad), place)});
      }
      Value first = e.mul(position, type.getHeadDim() / kGroup);
      e.storeOne(scale, region.valueScales, e.add(first, group));
    });
  }
};

} // namespace

void storeHead(const Emitter &e, phi::CacheType type, const CacheRegion &region, Value rows,
               Value token, Value keyColumn, Value valueColumn, Value position, int64_t lanes) {
  Head key{e, type, rows, token, keyColumn, position, lanes};
  Head value{e, type, rows, token, valueColumn, position, lanes};
  if (type.getElementType().isInteger(8)) {
    key.storeKeyI8(region);
    value.storeValueI8(region);
    return;
  }
  key.storeKey(region.keys);
  value.storeValue(region.values);
}

} // namespace phidias::vec
