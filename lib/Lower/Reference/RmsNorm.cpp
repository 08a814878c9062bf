#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

/// 1 / sqrt(mean of squares + eps), in f32 as the reference does.
static Value inverseRms(OpBuilder &b, Location loc, Value squares, int64_t columns, double eps) {
  Value mean = arith::DivFOp::create(b, loc, squares, constantF32(b, loc, columns));
  Value shifted = arith::AddFOp::create(b, loc, mean, constantF32(b, loc, eps));
  return arith::DivFOp::create(b, loc, constantF32(b, loc, 1),
                               math::SqrtOp::create(b, loc, shifted));
}

void lowerOp(phi::RmsNormOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value input = l.of(op.getInput()), result = l.place(op);
  Value weight = l.weight(loc, op.getWeight(), op.getMember() ? l.of(op.getMember()) : Value());
  l.lowered[op.getResult()] = result;
  int64_t columns = cast<MemRefType>(input.getType()).getDimSize(1), lanes = lanesFor(columns);
  Value zero = constantIndex(l.builder, loc, 0), end = constantIndex(l.builder, loc, columns);
  forShare(l, loc, l.env.count, [&](OpBuilder &b, Value t) {
    Value scale = inverseRms(b, loc, dotRows(b, loc, input, t, input, t), columns,
                             op.getEps().convertToDouble());
    Value scales = splat(b, loc, scale, lanes);
    forRange(b, loc, zero, end, lanes, [&](OpBuilder &inner, Value k) {
      Value x =
          arith::MulFOp::create(inner, loc, loadLanes(inner, loc, input, {t, k}, lanes), scales);
      Value w = loadLanes(inner, loc, weight, {zero, k}, lanes);
      storeLanes(inner, loc, arith::MulFOp::create(inner, loc, x, w), result, {t, k});
    });
  });
}

} // namespace phidias::lower
