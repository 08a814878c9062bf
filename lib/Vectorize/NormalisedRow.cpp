#include "NormalisedRow.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace phidias::vec {

constexpr int64_t kLanes = 16;

NormalisedRow::NormalisedRow(const Emitter &e, phi::TilePrepareOp op)
    : e(e), op(op), columns(op.getColumns()) {
  if (op.getNorm())
    norm = e.view(op.getWeights(), op.getNorm(), MemRefType::get(columns, e.b.getF32Type()));
}

void NormalisedRow::enter(Value token) {
  row = e.add(op.getFirst(), token);
  if (norm)
    factor = e.splat(kLanes, inverseRms());
}

/// 1 / sqrt(mean of squares + eps), summed in 64 lanes.
Value NormalisedRow::inverseRms() const {
  constexpr int64_t kSums = 4;
  int64_t whole = columns / (kSums * kLanes) * (kSums * kLanes);
  SmallVector<Value> zero(kSums, e.zeros(kLanes));
  Values sums =
      e.loop(e.index(0), e.index(whole), kSums * kLanes, zero, [&](Value k, ValueRange carried) {
        Values next;
        for (int64_t i = 0; i < kSums; ++i) {
          Value x = e.load(kLanes, op.getRows(), {row, e.add(k, i * kLanes)});
          next.push_back(e.fma(x, x, carried[i]));
        }
        return next;
      });
  for (int64_t k = whole; k < columns; k += kLanes) {
    Value x = load(op.getRows(), {row}, e.index(k), columns - k);
    sums[0] = e.fma(x, x, sums[0]);
  }
  Value all = e.addf(e.addf(sums[0], sums[1]), e.addf(sums[2], sums[3]));
  Value mean = arith::DivFOp::create(e.b, e.loc, e.reduce(vector::CombiningKind::ADD, all),
                                     e.f32(static_cast<double>(columns)));
  Value root =
      math::SqrtOp::create(e.b, e.loc, e.addf(mean, e.f32(op.getEps()->convertToDouble())));
  return arith::DivFOp::create(e.b, e.loc, e.f32(1), root);
}

/// 16 elements, of which `left` are there and the others 0.
Value NormalisedRow::load(Value buffer, ArrayRef<Value> leading, Value k, int64_t left) const {
  SmallVector<Value> at(leading);
  at.push_back(k);
  if (left >= kLanes)
    return e.load(kLanes, buffer, at);
  if (left <= 0)
    return e.zeros(kLanes);
  Value mask =
      vector::CreateMaskOp::create(e.b, e.loc, e.vector(kLanes, e.b.getI1Type()), e.index(left));
  return vector::MaskedLoadOp::create(e.b, e.loc, e.floats(kLanes), buffer, at, mask,
                                      e.zeros(kLanes));
}

Value NormalisedRow::part(Value k, int64_t left) const {
  Value x = load(op.getRows(), {row}, k, left);
  if (!norm)
    return x;
  return e.mulf(e.mulf(x, factor), load(norm, {}, k, left));
}

} // namespace phidias::vec
