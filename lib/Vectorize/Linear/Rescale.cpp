#include "Rescale.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {

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
  Value words = arith::FPToSIOp::create(e.b, e.loc, e.vector(rows, e.b.getI32Type()), rounded);
  Value bytes = arith::TruncIOp::create(e.b, e.loc, e.vector(rows, e.b.getI8Type()), words);
  SmallVector<int64_t> repeated;
  for (int64_t lane = 0; lane < 4 * rows; ++lane)
    repeated.push_back(lane / 4);
  return vector::ShuffleOp::create(e.b, e.loc, bytes, bytes, repeated);
}

} // namespace phidias::vec
