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

static int64_t rowsOf(phi::TileLinearOp op) {
  return cast<MemRefType>(op.getResult().getType()).getDimSize(1);
}

void storeResult(const Block &e, phi::TileLinearOp op, Value row, Value token, Value acc,
                 Value up) {
  int64_t rows = rowsOf(op);
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

void storeTwoResults(const Block &e, phi::TileLinearOp op, Value row, Value token, ValueRange accs,
                     ValueRange ups) {
  auto up = [&](int64_t i) { return ups.empty() ? Value() : ups[i]; };
  if (rowsOf(op) % phi::kPanelRows) {
    for (int64_t i = 0; i < 2; ++i)
      storeResult(e, op, e.add(row, i), token, accs[i], up(i));
    return;
  }
  vec::Values values(accs);
  for (auto [i, other] : llvm::enumerate(ups))
    values[i] = e.mulf(silu(e, accs[i]), other);
  Value two = vector::FromElementsOp::create(e.b, e.loc, e.floats(2), values);
  if (Value residual = op.getResidual())
    two = e.addf(e.loadPieces(2, residual, {token, row}), two);
  e.storePieces(two, op.getResult(), {token, row});
}

} // namespace phidias::cuda
