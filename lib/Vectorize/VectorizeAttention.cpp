// The tile ops of the attention stage alone: what their tests run.

#include "phidias/Vectorize/Passes.h"
#include "phidias/Vectorize/Vectorize.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_VECTORIZEATTENTIONPASS
#include "phidias/Vectorize/Passes.h.inc"

namespace {

struct VectorizeAttention : impl::VectorizeAttentionPassBase<VectorizeAttention> {
  void runOnOperation() override {
    VectorTarget target;
    if (auto machine = getOperation()->getAttrOfType<phi::MachineAttr>("phi.machine"))
      target.lanes = machine.getLanes();
    OpBuilder b(&getContext());
    getOperation()->walk([&](Operation *op) {
      if (auto append = dyn_cast<phi::TileAppendOp>(op))
        vectorize(append, b, target);
      else if (auto attention = dyn_cast<phi::TileAttentionOp>(op))
        vectorize(attention, b, target);
      else if (auto combine = dyn_cast<phi::TileCombineOp>(op))
        vectorize(combine, b, target);
    });
  }
};

} // namespace
} // namespace phidias
