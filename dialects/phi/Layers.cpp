#include "dialects/phi/Shapes.h"

using namespace mlir;

namespace phidias::phi {

static LogicalResult verifyBody(LayersOp op, Region &body) {
  Type index = IndexType::get(op.getContext());
  SmallVector<Type> expected{index, index, op.getInput().getType(), op.getCache().getType()};
  if (!llvm::equal(body.getArgumentTypes(), expected)) // C3
    return op.emitOpError("a body must take (")
           << expected << "), got (" << body.getArgumentTypes() << ")";
  auto yield = dyn_cast<YieldOp>(body.front().getTerminator());
  if (!yield) // C3
    return op.emitOpError("a body must end in phi.yield");
  if (yield.getRows().getType() != expected[2] || yield.getCache().getType() != expected[3]) // C3
    return op.emitOpError("a body must yield (") << expected[2] << ", " << expected[3] << ")";
  return success();
}

static LogicalResult verifyOrder(LayersOp op) {
  llvm::SmallDenseSet<int64_t> named;
  for (int64_t body : op.getOrder()) {
    if (body < 0 || body >= static_cast<int64_t>(op.getBodies().size())) // C1
      return op.emitOpError("order names body ") << body << ", there are " << op.getBodies().size();
    named.insert(body);
  }
  if (named.empty() || named.size() != op.getBodies().size()) // C1
    return op.emitOpError("order must name each of ")
           << op.getBodies().size() << " bodies, names " << named.size();
  int64_t layers = op.getCache().getType().getLayers(), entries = op.getOrder().size();
  if (entries != layers) // C2
    return op.emitOpError("order must have ") << layers << " entries, got " << entries;
  return success();
}

LogicalResult LayersOp::verify() {
  if (failed(verifyOrder(*this)))
    return failure();
  for (Region &body : getBodies())
    if (failed(verifyBody(*this, body)))
      return failure();
  return success();
}

} // namespace phidias::phi
