#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

void lowerOp(phi::AddOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value lhs = l.of(op.getLhs()), rhs = l.of(op.getRhs()),
        result = l.lowered[op.getResult()] = l.place(op);
  int64_t columns = cast<MemRefType>(result.getType()).getDimSize(1), lanes = lanesFor(columns);
  Value zero = constantIndex(l.builder, loc, 0), end = constantIndex(l.builder, loc, columns);
  forShare(l, loc, l.env.count, [&](OpBuilder &b, Value t) {
    forRange(b, loc, zero, end, lanes, [&](OpBuilder &inner, Value k) {
      Value x = loadLanes(inner, loc, lhs, {t, k}, lanes),
            y = loadLanes(inner, loc, rhs, {t, k}, lanes);
      storeLanes(inner, loc, arith::AddFOp::create(inner, loc, x, y), result, {t, k});
    });
  });
}

} // namespace phidias::lower
