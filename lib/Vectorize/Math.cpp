// e^x = 2^n * e^r with n = round(x / ln 2), so that |r| <= ln 2 / 2. e^r is 1 + r + r^2 q(r), q of
// degree 4: fitted for the least largest relative error over |r| <= 0.3467, which is 3e-9 before
// rounding.

#include "phidias/Vectorize/Math.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace phidias::vec {

static constexpr float kSmallest = -87.336544f, kLargest = 88.722839f; // ln of the f32 limits
static constexpr float kLog2E = 1.44269504f;
static constexpr float kLn2 = 0.6931471824645996f, kLn2Rest = -1.9046542121259336e-09f;
static constexpr float kRound = 12582912.f; // 1.5 * 2^23: what is added to it lands in its low bits
static constexpr float kQ[] = {0.0013814539415761828f, 0.00836874544620514f, 0.04166838899254799f,
                               0.1666652113199234f, 0.4999999403953552f};

namespace {

/// Builds on vectors of one type.
struct Lanes {
  OpBuilder &b;
  Location loc;
  VectorType type;

  Value f32(float value) const {
    return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, value));
  }
  VectorType integers() const { return VectorType::get(type.getShape(), b.getI32Type()); }
  Value fma(Value x, Value y, Value z) const { return vector::FMAOp::create(b, loc, x, y, z); }
  Value isBelow(Value x, float limit) const {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, f32(limit));
  }
  Value isAbove(Value x, float limit) const {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, x, f32(limit));
  }

  Value polynomial(Value r) const {
    Value one = f32(1), p = f32(kQ[0]);
    for (float coefficient : ArrayRef(kQ).drop_front())
      p = fma(p, r, f32(coefficient));
    return fma(fma(p, r, one), r, one);
  }

  /// p * 2^n, n in the low bits of `shifted`, where that is a normal number.
  Value scale(Value p, Value shifted) const {
    Value n = arith::BitcastOp::create(b, loc, integers(), shifted);
    Value bits = arith::BitcastOp::create(b, loc, integers(), p);
    Value places =
        arith::ConstantOp::create(b, loc, DenseElementsAttr::get(integers(), int32_t(23)));
    Value exponent = arith::ShLIOp::create(b, loc, n, places);
    return arith::BitcastOp::create(b, loc, type, arith::AddIOp::create(b, loc, bits, exponent));
  }

  Value exp(Value x) const {
    Value shifted = fma(x, f32(kLog2E), f32(kRound));
    Value n = arith::SubFOp::create(b, loc, shifted, f32(kRound));
    Value r = fma(n, f32(-kLn2Rest), fma(n, f32(-kLn2), x));
    Value result = scale(polynomial(r), shifted);
    return arith::SelectOp::create(b, loc, isBelow(x, kSmallest), f32(0), result);
  }
};

} // namespace

Value emitExpOfNegative(OpBuilder &b, Location loc, Value x) {
  return Lanes{b, loc, cast<VectorType>(x.getType())}.exp(x);
}

Value emitExp(OpBuilder &b, Location loc, Value x) {
  Lanes lanes{b, loc, cast<VectorType>(x.getType())};
  return arith::SelectOp::create(b, loc, lanes.isAbove(x, kLargest), lanes.f32(INFINITY),
                                 lanes.exp(x));
}

} // namespace phidias::vec
