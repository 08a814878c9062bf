// Ops that no fusion took: a norm whose result is a residual too, a SwiGLU of a width that panels
// cannot be cut at. A thread takes whole rows: slow in decode, where there is one, but no model of
// a usual shape comes here.

#include "mlir/Dialect/Math/IR/Math.h"
#include "phidias/Lower/Loops.h"
#include "phidias/Vectorize/Math.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/MapTiles.h"

using namespace mlir;

namespace phidias::cuda {

/// A GPU has no library that would be called.
static void replaceExp(math::ExpOp op) {
  OpBuilder b(op);
  op.replaceAllUsesWith(vec::emitExp(b, op.getLoc(), op.getOperand()));
  op.erase();
}

void mapRows(scf::ForOp loop) {
  OpBuilder builder(loop);
  Block b(builder, loop.getLoc());
  loop.setLowerBound(b.add(loop.getLowerBound(), b.thread));
  loop.setStep(b.mul(loop.getStep(), kBlockThreads));
  loop.walk(replaceExp);
  loop->removeAttr(lower::kShare);
}

} // namespace phidias::cuda
