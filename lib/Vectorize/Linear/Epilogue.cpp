// What becomes of a panel's products: stored, added to the residual, or gated.

#include "Panels.h"
#include "phidias/Vectorize/Math.h"

using namespace mlir;

namespace phidias::vec {

/// x / (1 + e^-x).
static Value silu(const Emitter &e, Value x) {
  Value power = emitExp(e.b, e.loc, arith::NegFOp::create(e.b, e.loc, x));
  Value one = e.splat(kLanes, e.f32(1));
  return arith::DivFOp::create(e.b, e.loc, x, e.addf(one, power));
}

/// Lanes of the panel that are rows of the weight; null where all are.
static Value rowMask(const LinearContext &c, Value column, int64_t columns) {
  if (columns % kLanes == 0)
    return {};
  Value left = c.e.sub(c.e.index(columns), column);
  return vector::CreateMaskOp::create(c.e.b, c.e.loc, c.e.vector(kLanes, c.e.b.getI1Type()), left);
}

void emitEpilogue(const LinearContext &c, Value panel, Value token, ValueRange acc) {
  const Emitter &e = c.e;
  Value column = e.mul(panel, kLanes), value = acc[0];
  int64_t columns = cast<MemRefType>(c.op.getResult().getType()).getDimSize(1);
  Value mask = rowMask(c, column, columns);
  if (c.op.getGated())
    value = e.mulf(silu(e, acc[0]), acc[1]);
  SmallVector<Value> indices{token, column};
  if (Value residual = c.op.getResidual()) {
    Value old = mask ? vector::MaskedLoadOp::create(e.b, e.loc, e.floats(kLanes), residual, indices,
                                                    mask, e.zeros(kLanes))
                           .getResult()
                     : e.load(kLanes, residual, indices);
    value = e.addf(old, value);
  }
  if (mask)
    vector::MaskedStoreOp::create(e.b, e.loc, c.op.getResult(), indices, mask, value);
  else
    e.store(value, c.op.getResult(), indices);
}

} // namespace phidias::vec
