// A thread has 8 positions of 4 channels of the keys at a time, and 4 positions of 8 channels of
// the values: 32 bytes of codes, four units of f16.

#include "phidias/Vectorize/CacheRegion.h"
#include "targets/cuda/AttentionStage.h"

using namespace mlir;
using phidias::vec::kGroup;
using phidias::vec::kPanel;
using phidias::vec::kQuad;

namespace phidias::cuda {
namespace {

constexpr int64_t kWide = 8; ///< f16 of a unit

struct Widen {
  const Attend &a;
  const AttendItem &item;
  Value start, to;
  const Block &e = a.e;
  StageShape shape{a};

  /// Eight words of codes, as two halves of four.
  std::pair<Value, Value> load(Value at) const {
    auto half = [&](int64_t byte) {
      return e.loadAligned(e.vector(4, e.b.getI32Type()), a.op.getCache(), e.add(at, byte));
    };
    return {half(0), half(16)};
  }

  /// Byte `number` (index) of each word as a signed code, f32.
  Value codes(std::pair<Value, Value> words, Value number) const {
    Value below = e.mul(e.sub(e.index(3), number), 8);
    Value shift = arith::IndexCastOp::create(e.b, e.loc, e.b.getI32Type(), below);
    Value all = e.join({words.first, words.second});
    Value top = arith::ShLIOp::create(e.b, e.loc, all, e.splat(kWide, shift));
    Value code = arith::ShRSIOp::create(e.b, e.loc, top, e.splat(kWide, e.i32(24)));
    return arith::SIToFPOp::create(e.b, e.loc, e.floats(kWide), code);
  }

  void storeUnit(Value wide, Value unit) const {
    Type f16 = e.b.getF16Type();
    Value narrow = arith::TruncFOp::create(e.b, e.loc, e.vector(kWide, f16), wide);
    Value units = e.shared(0, 2 * shape.units(), e.vector(kWide, f16));
    e.storeOne(narrow, units, e.add(to, unit));
  }

  void widenKeys(Value number) const {
    int64_t words = a.headDim / 4;
    Value own = e.rem(number, 2 * words), word = e.div(own, 2), half = e.rem(own, 2);
    Value inBlock = e.div(number, 2 * words);
    Value panel = e.min(e.add(e.div(start, kPanel), inBlock), e.div(item.last, kPanel));
    Value row = e.add(e.mul(panel, words), word);
    auto codes = load(e.add(item.cache.keys, e.add(e.mul(row, 4 * kPanel), e.mul(half, 32))));
    Value bias = e.splat(4, e.i32(static_cast<int32_t>(0x80808080)));
    codes.first = arith::XOrIOp::create(e.b, e.loc, codes.first, bias);
    codes.second = arith::XOrIOp::create(e.b, e.loc, codes.second, bias);
    Value group = e.add(e.mul(panel, a.groups()), e.div(word, kGroup / 4));
    Value at = e.mul(e.add(e.mul(group, kPanel), e.mul(half, kWide)), 2);
    Value scales = e.toF32(e.loadAligned(e.vector(kWide, e.b.getF16Type()), a.op.getCache(),
                                         e.add(item.cache.keyScales, at)));
    Value swapped = e.b.createOrFold<arith::XOrIOp>(e.loc, half, e.rem(word, 2));
    Value unit = e.add(e.mul(inBlock, shape.panelUnits()), e.add(e.mul(word, 8), swapped));
    // Neighbouring words begin with different channels, for other banks.
    for (int64_t c = 0; c < 4; ++c) {
      Value channel = e.rem(e.add(word, c), 4);
      storeUnit(e.mulf(this->codes(codes, channel), scales), e.add(unit, e.mul(channel, 2)));
    }
  }

  /// 0 behind the last position, where scale and codes may be anything.
  Value scaleOf(Value position, Value group) const {
    Value place = e.add(e.mul(e.min(position, item.last), a.groups()), group);
    Value scale = e.toF32(e.loadAligned(e.b.getF16Type(), a.op.getCache(),
                                        e.add(item.cache.valueScales, e.mul(place, 2))));
    Value exists =
        arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::sle, position, item.last);
    return arith::SelectOp::create(e.b, e.loc, exists, scale, e.f32(0));
  }

  void widenValues(Value number) const {
    int64_t units = a.headDim / kWide;
    Value inBlock = e.div(number, units), unit = e.rem(number, units);
    Value quad = e.min(e.add(e.div(start, kQuad), inBlock), e.div(item.last, kQuad));
    Value channel = e.add(e.mul(quad, a.headDim), e.mul(unit, kWide));
    auto codes = load(e.add(item.cache.values, e.mul(channel, kQuad)));
    for (int64_t p = 0; p < kQuad; ++p) {
      Value row = e.add(e.mul(inBlock, kQuad), p);
      Value scale = scaleOf(e.add(start, row), e.div(unit, kGroup / kWide));
      Value place = e.add(e.add(e.mul(row, shape.rowUnits()), unit), shape.valuesAt());
      storeUnit(e.mulf(this->codes(codes, e.index(p)), e.splat(kWide, scale)), place);
    }
  }
};

} // namespace

void widenStage(const Attend &a, const AttendItem &item, Value start, Value to) {
  const Block &e = a.e;
  Widen widen{a, item, start, to};
  Value all = e.index(2 * a.headDim); // of keys, and of values
  e.eachThread(e.index(0), all, [&](Value number) { widen.widenKeys(number); });
  e.warpBarrier();
  e.eachThread(e.index(0), all, [&](Value number) { widen.widenValues(number); });
  e.warpBarrier();
}

} // namespace phidias::cuda
