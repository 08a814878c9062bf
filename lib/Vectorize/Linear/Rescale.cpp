#include "Rescale.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {

static constexpr int64_t kShift = 7; ///< m = 128 would be 1; 127 is the most that i8 holds

static int64_t lanesOf(Value vector) { return cast<VectorType>(vector.getType()).getDimSize(0); }

BlockScale::BlockScale(const Emitter &e, ArrayRef<Value> scales) : e(e) {
  int64_t rows = lanesOf(scales[0]);
  // Magnitudes are in the order of their bits. A maximum of floats that were f16 is what LLVM takes
  // apart, lane by lane.
  Value most;
  for (Value scale : scales) {
    Value bits = e.recast(scale, rows, e.b.getI32Type());
    bits = arith::AndIOp::create(e.b, e.loc, bits, e.splat(rows, e.i32(0x7fffffff)));
    most = most ? arith::MaxSIOp::create(e.b, e.loc, most, bits).getResult() : bits;
  }
  largest = e.recast(most, rows, e.b.getF32Type());
  // Rows of zeros have no largest; 127 / 0 * 0 would be NaN.
  Value none = arith::CmpFOp::create(e.b, e.loc, arith::CmpFPredicate::OEQ, largest, e.zeros(rows));
  Value quotient = arith::DivFOp::create(e.b, e.loc, e.splat(rows, e.f32(127)), largest);
  inverse = arith::SelectOp::create(e.b, e.loc, none, e.zeros(rows), quotient);
}

Value BlockScale::scale() const {
  int64_t rows = lanesOf(largest);
  Value exact = e.mulf(largest, e.splat(rows, e.f32(128.0 / 127)));
  Value bits = e.recast(exact, rows, e.b.getI32Type());
  bits = arith::AndIOp::create(e.b, e.loc, bits, e.splat(rows, e.i32(~7)));
  return e.recast(bits, rows, e.b.getF32Type());
}

Value BlockScale::multipliers(Value groupScale) const {
  int64_t rows = lanesOf(groupScale);
  Value rounded = math::RoundEvenOp::create(e.b, e.loc, e.mulf(groupScale, inverse));
  Value words =
      arith::FPToSIOp::create(e.b, e.loc, e.vector(rows, e.b.getI32Type()), rounded);
  Value bytes = arith::TruncIOp::create(e.b, e.loc, e.vector(rows, e.b.getI8Type()), words);
  SmallVector<int64_t> repeated;
  for (int64_t lane = 0; lane < 4 * rows; ++lane)
    repeated.push_back(lane / 4);
  return vector::ShuffleOp::create(e.b, e.loc, bytes, bytes, repeated);
}

Value rescaled(const Emitter &e, Value entries, Value multipliers) {
  int64_t lanes = lanesOf(entries);
  Type wide = e.vector(lanes, e.b.getI16Type());
  auto all = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        e.b, e.loc, DenseElementsAttr::get(cast<ShapedType>(wide), e.b.getI16IntegerAttr(value)));
  };
  Value product =
      arith::MulIOp::create(e.b, e.loc, arith::ExtSIOp::create(e.b, e.loc, wide, entries),
                            arith::ExtSIOp::create(e.b, e.loc, wide, multipliers));
  Value half = all(1 << (kShift - 1));
  Value shifted = arith::ShRSIOp::create(
      e.b, e.loc, arith::AddIOp::create(e.b, e.loc, product, half), all(kShift));
  return arith::TruncIOp::create(e.b, e.loc, entries.getType(), shifted);
}

} // namespace phidias::vec
