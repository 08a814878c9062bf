#include "targets/cuda/PrepareRow.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "targets/cuda/Norm.h"

using namespace mlir;
using phidias::vec::Values;

namespace phidias::cuda {

PrepareRow::PrepareRow(const Block &b, phi::TilePrepareOp op, int64_t padded)
    : b(b), op(op), columns(op.getColumns()), padded(padded),
      isOneTurn(roundsOf(padded) <= kTurnRounds) {
  if (auto quantized = dyn_cast<phi::QuantizedType>(op.getWeight().getElementType()))
    rotated = quantized.getRotated();
  if (op.getNorm())
    norm = b.view(op.getWeights(), op.getNorm(), MemRefType::get(columns, b.b.getF32Type()));
}

void PrepareRow::enter(Value token) {
  row = b.add(op.getFirst(), token);
  if (norm && !isOneTurn)
    factor = inverseRms(b, squaresOf(b, op.getRows(), row), columns, eps());
}

void PrepareRow::load(Quads &quads) {
  for (Quad &quad : quads)
    quad.x = loadQuad(b, op.getRows(), row, quad.number, columns, padded);
  if (norm)
    normalise(quads);
  if (rotated)
    rotate(b, quads);
}

void PrepareRow::normalise(Quads &quads) {
  SmallVector<Values> weights; // asked for before the sum is waited for
  for (Quad &quad : quads)
    weights.push_back(loadQuad(b, norm, {}, quad.number, columns, padded));
  if (isOneTurn)
    factor = inverseRms(b, squaresOf(b, quads), columns, eps());
  for (auto [quad, weight] : llvm::zip_equal(quads, weights))
    for (auto [x, w] : llvm::zip_equal(quad.x, weight))
      x = b.mulf(b.mulf(x, factor), w);
}

Values PrepareRow::rounded(const Quad &quad, Value largest) const {
  Value inverse = arith::DivFOp::create(b.b, b.loc, b.f32(127), largest);
  // A group of zeros has no largest; 127 / 0 * 0 would be NaN.
  Value none = arith::CmpFOp::create(b.b, b.loc, arith::CmpFPredicate::OEQ, largest, b.f32(0));
  inverse = arith::SelectOp::create(b.b, b.loc, none, b.f32(0), inverse);
  Values numbers;
  for (Value x : quad.x)
    numbers.push_back(math::RoundEvenOp::create(b.b, b.loc, b.mulf(x, inverse)));
  return numbers;
}

Value PrepareRow::step() const {
  return b.f32((rotated ? std::sqrt(1.0 / kGroupColumns) : 1.0) / 127);
}

} // namespace phidias::cuda
