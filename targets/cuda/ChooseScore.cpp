// Scores, their order and their weights, bit by bit as phirt/abi/Choice.h has them.

#include "phirt/abi/Choice.h"
#include "targets/cuda/Choose.h"

using namespace mlir;
using namespace phirt::abi;

namespace phidias::cuda {

static constexpr int64_t kSign = 0x80000000, kAllBits = 0xffffffff, kInfinity = 0x7f800000;

static Value bitsOf(const Choosing &c, Value value) {
  Value bits = arith::BitcastOp::create(c.b, c.loc, c.b.getI32Type(), value);
  return arith::ExtUIOp::create(c.b, c.loc, c.b.getI64Type(), bits);
}

Score Choosing::scoreOf(Value id) const {
  Value temperature = field(offsetof(Choice, temperature), b.getF32Type());
  return scoreOf(loadOne(op.getLogits(), {op.getRow(), id}), temperature);
}

/// -0 is 0: they are equal as scores.
Score Choosing::scoreOf(Value value, Value temperature) const {
  Value score = arith::DivFOp::create(b, loc, value, temperature);
  score = addf(score, f32(0));
  return {score, keyOf(score)};
}

Value Choosing::keyOf(Value score) const {
  Value bits = bitsOf(*this, score);
  Value isNegative = is(arith::CmpIPredicate::uge, bits, number(kSign));
  Value key = pick(isNegative, minus(number(kAllBits), bits), plus(bits, number(kSign)));
  Value magnitude = both(bits, number(kInfinity));
  Value isFinite = is(arith::CmpIPredicate::ne, magnitude, number(kInfinity));
  return pick(isFinite, key, number(0));
}

Value Choosing::scoreAt(Value key) const {
  Value isNegative = is(arith::CmpIPredicate::ult, key, number(kSign));
  Value bits = pick(isNegative, minus(number(kAllBits), key), minus(key, number(kSign)));
  Value narrow = arith::TruncIOp::create(b, loc, b.getI32Type(), bits);
  return arith::BitcastOp::create(b, loc, b.getF32Type(), narrow);
}

/// 2^32 * 2^-x of x * 2^24.
static Value powerOfTwo(const Choosing &c, Value x) {
  ArrayRef<uint64_t> series(kExpSeries);
  Value sum = c.number(static_cast<int64_t>(series.back()));
  for (uint64_t term : llvm::reverse(series.drop_back()))
    sum = c.minus(c.number(static_cast<int64_t>(term)), c.right(c.times(sum, x), c.number(24)));
  return sum;
}

Value Choosing::weightOf(Value score, Value top) const {
  Value distance = subf(top, score), most = f32(kMostBelow);
  Value isFar = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UGT, distance, most);
  distance = pick(isFar, most, distance);
  Value below = arith::FPToUIOp::create(b, loc, b.getI64Type(), mulf(distance, f32(0x1p24)));
  Value z = right(times(below, number(kLog2E)), number(30)), whole = right(z, number(24));
  Value part = left(powerOfTwo(*this, both(z, number(0xffffff))), number(kWeightBits - 32));
  Value isNone = is(arith::CmpIPredicate::ugt, whole, number(kWeightBits));
  return pick(isNone, number(0), right(part, smaller(whole, number(63))));
}

} // namespace phidias::cuda
