#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

/// x / (1 + exp(-x))
static Value silu(OpBuilder &b, Location loc, Value x, int64_t lanes) {
  Value one = splat(b, loc, constantF32(b, loc, 1), lanes);
  Value exp = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, x));
  return arith::DivFOp::create(b, loc, x, arith::AddFOp::create(b, loc, one, exp));
}

void lowerOp(phi::SwiGluOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value input = l.of(op.getInput()), result = l.lowered[op.getResult()] = l.place(op);
  int64_t columns = cast<MemRefType>(result.getType()).getDimSize(1), lanes = lanesFor(columns);
  Value half = constantIndex(l.builder, loc, columns), zero = constantIndex(l.builder, loc, 0);
  forShare(l, loc, l.env.count, [&](OpBuilder &b, Value t) {
    forRange(b, loc, zero, half, lanes, [&](OpBuilder &inner, Value k) {
      Value gate = loadLanes(inner, loc, input, {t, k}, lanes);
      Value up = loadLanes(inner, loc, input, {t, add(inner, loc, half, k)}, lanes);
      Value gated = arith::MulFOp::create(inner, loc, up, silu(inner, loc, gate, lanes));
      storeLanes(inner, loc, gated, result, {t, k});
    });
  });
}

} // namespace phidias::lower
