#include "phidias/Lower/Loops.h"

using namespace mlir;

namespace phidias::lower {

void lowerOp(phi::EmbedOp op, const Lowering &l) {
  Location loc = op.getLoc();
  Value table = l.weight(loc, op.getWeight(), {}), result = l.place(op);
  l.lowered[op.getResult()] = result;
  forShare(l, loc, l.env.count, [&](OpBuilder &b, Value t) {
    Value id = memref::LoadOp::create(b, loc, l.env.tokens, t);
    Value row = arith::IndexCastUIOp::create(b, loc, b.getIndexType(), id);
    copyRow(b, loc, table, row, result, t);
  });
}

} // namespace phidias::lower
