// angle = n * pi/2 + r, |r| <= pi/4, in f64: pi/2 in two parts, and a fused multiply-add keeps what
// cancellation brings up, so that r is right to f32 even where angle is the f32 nearest to a
// multiple (5e-8 away in the worst case up to 131072). Then polynomials in f32 of r^2, Cephes'
// (sinf.c): fitted for the least largest relative error over |r| <= pi/4, 3e-9 and 6e-9 before
// rounding.

#include "targets/cuda/Sine.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::cuda {

static constexpr double kTwoOverPi = 0.63661977236758134308;
static constexpr double kHalfPi = 1.57079632679489655800, kHalfPiRest = 6.12323399573676603587e-17;
static constexpr double kSine[] = {-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1};
static constexpr double kCosine[] = {2.443315711809948e-5, -1.388731625493765e-3,
                                     4.166664568298827e-2};

namespace {

struct Angle {
  const vec::Emitter &e;

  Value f64(double value) const {
    return arith::ConstantOp::create(e.b, e.loc, e.b.getF64FloatAttr(value));
  }

  /// n as i32 and r as f32.
  std::pair<Value, Value> reduce(Value angle) const {
    Value wide = arith::ExtFOp::create(e.b, e.loc, e.b.getF64Type(), angle);
    Value n = math::RoundEvenOp::create(e.b, e.loc, e.mulf(wide, f64(kTwoOverPi)));
    Value r = e.fma(n, f64(-kHalfPiRest), e.fma(n, f64(-kHalfPi), wide));
    return {arith::FPToSIOp::create(e.b, e.loc, e.b.getI32Type(), n),
            arith::TruncFOp::create(e.b, e.loc, e.b.getF32Type(), r)};
  }

  Value polynomial(Value square, ArrayRef<double> coefficients) const {
    Value p = e.f32(coefficients[0]);
    for (double coefficient : coefficients.drop_front())
      p = e.fma(p, square, e.f32(coefficient));
    return p;
  }

  /// r + r^3 p
  Value sine(Value r, Value square) const {
    return e.fma(e.mulf(r, square), polynomial(square, kSine), r);
  }
  /// 1 - r^2/2 + r^4 p
  Value cosine(Value square) const {
    Value half = e.fma(square, e.f32(-0.5), e.f32(1));
    return e.fma(e.mulf(square, square), polynomial(square, kCosine), half);
  }

  Value isSet(Value n, int32_t bit) const {
    Value masked = arith::AndIOp::create(e.b, e.loc, n, e.i32(bit));
    return arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ne, masked, e.i32(0));
  }
  Value select(Value condition, Value yes, Value no) const {
    return arith::SelectOp::create(e.b, e.loc, condition, yes, no);
  }
  Value negatedIf(Value condition, Value x) const {
    return select(condition, arith::NegFOp::create(e.b, e.loc, x), x);
  }
};

} // namespace

Turn emitTurn(const vec::Emitter &e, Value angle) {
  Angle a{e};
  auto [n, r] = a.reduce(angle);
  Value square = e.mulf(r, r), sine = a.sine(r, square), cosine = a.cosine(square);
  // A quarter turn more: the sine becomes the cosine, the cosine the sine with the other sign.
  Value odd = a.isSet(n, 1);
  Value next = arith::AddIOp::create(e.b, e.loc, n, e.i32(1));
  return {a.negatedIf(a.isSet(next, 2), a.select(odd, sine, cosine)),
          a.negatedIf(a.isSet(n, 2), a.select(odd, cosine, sine))};
}

} // namespace phidias::cuda
