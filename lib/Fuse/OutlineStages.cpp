// Whatever no fusion took becomes a stage of its own, named after its op.

#include "Outline.h"
#include "phidias/Fuse/Passes.h"

using namespace mlir;
using namespace phidias;

namespace phidias {
#define GEN_PASS_DEF_OUTLINESTAGESPASS
#include "phidias/Fuse/Passes.h.inc"
} // namespace phidias

namespace {

struct OutlineStages : phidias::impl::OutlineStagesPassBase<OutlineStages> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      bool computes = isa<phi::EmbedOp, phi::RmsNormOp, phi::LinearOp, phi::LogitsOp, phi::RopeOp,
                          phi::CacheAppendOp, phi::AttentionOp, phi::SwiGluOp, phi::AddOp>(op);
      if (computes && !op->getParentOfType<phi::StageOp>())
        ops.push_back(op);
    });
    for (Operation *op : ops)
      fuse::outline(op->getName().stripDialect(), op);
  }
};

} // namespace
