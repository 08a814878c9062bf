// phi.linear and phi.logits: the thread's rows of the weight, each read once for all tokens of the
// pass.

#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

/// result[t, n] = weight[n] . input[first + t], for t < count and this thread's n.
static void multiply(const Lowering &l, Location loc, Value weight, Value input, Value first,
                     Value result, Value count) {
  Value rows = constantIndex(l.builder, loc, cast<MemRefType>(weight.getType()).getDimSize(0));
  Value zero = constantIndex(l.builder, loc, 0);
  forShare(l, loc, rows, [&](OpBuilder &b, Value n) {
    forRange(b, loc, zero, count, 1, [&](OpBuilder &inner, Value t) {
      Value dot = dotRows(inner, loc, weight, n, input, add(inner, loc, first, t));
      memref::StoreOp::create(inner, loc, dot, result, ValueRange{t, n});
    });
  });
}

void lowerOp(phi::LinearOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value weight = l.weight(loc, op.getWeight(), op.getMember() ? l.of(op.getMember()) : Value());
  Value result = l.lowered[op.getResult()] = l.place(op);
  multiply(l, loc, weight, l.of(op.getInput()), constantIndex(l.builder, loc, 0), result,
           l.env.count);
}

void lowerOp(phi::LogitsOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value result = l.lowered[op.getResult()] = l.place(op);
  Value first = arith::SubIOp::create(l.builder, loc, l.env.count, l.of(op.getRows()));
  multiply(l, loc, l.weight(loc, op.getWeight(), {}), l.of(op.getInput()), first, result,
           l.of(op.getRows()));
}

} // namespace phidias::lower
