// phi-vectorize: every tile op.

#include "phidias/Vectorize/Passes.h"
#include "phidias/Vectorize/Vectorize.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_VECTORIZEPASS
#include "phidias/Vectorize/Passes.h.inc"

namespace {

struct Vectorize : impl::VectorizePassBase<Vectorize> {
  void runOnOperation() override {
    auto machine = getOperation()->getAttrOfType<phi::MachineAttr>("phi.machine");
    VectorTarget target = VectorTarget::of(machine);
    OpBuilder b(&getContext());
    getOperation()->walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<phi::TileLinearOp, phi::TilePrepareOp>([&](auto tile) { vectorize(tile, target); })
          .Case([](phi::TileEmbedOp tile) { vectorize(tile); })
          .Case<phi::TileAppendOp, phi::TileAttentionOp, phi::TileCombineOp>(
              [&](auto tile) { vectorize(tile, b, target); });
    });
  }
};

} // namespace
} // namespace phidias
