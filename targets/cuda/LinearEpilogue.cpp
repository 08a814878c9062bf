#include "targets/cuda/LinearEpilogue.h"
#include "phidias/Vectorize/Math.h"

using namespace mlir;

namespace phidias::cuda {

/// x / (1 + e^-x).
static Value silu(const Block &e, Value x) {
  Value lane = e.splat(1, arith::NegFOp::create(e.b, e.loc, x));
  Value power = vector::ExtractOp::create(e.b, e.loc, vec::emitExp(e.b, e.loc, lane), 0);
  return arith::DivFOp::create(e.b, e.loc, x, e.addf(e.f32(1), power));
}

void storeResult(const Block &e, phi::TileLinearOp op, Value row, Value token, Value acc,
                 Value up) {
  int64_t rows = cast<MemRefType>(op.getResult().getType()).getDimSize(1);
  auto store = [&] {
    Value value = up ? e.mulf(silu(e, acc), up) : acc;
    if (Value residual = op.getResidual())
      value = e.addf(e.loadOne(residual, {token, row}), value);
    e.storeOne(value, op.getResult(), {token, row});
  };
  if (rows % phi::kPanelRows == 0)
    return store();
  e.when(e.less(row, e.index(rows)), store);
}

} // namespace phidias::cuda
