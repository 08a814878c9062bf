// phi-tile: stage after stage to parallel regions of tile ops.

#include "Describe.h"
#include "Stage.h"
#include "phidias/Tile/Passes.h"

using namespace mlir;
using namespace phidias;
using namespace phidias::tile;

namespace phidias {
#define GEN_PASS_DEF_TILEPASS
#include "phidias/Tile/Passes.h.inc"
} // namespace phidias

namespace {

/// An op that no fusion took and that works on rows alone: its reference lowering.
LogicalResult tileRows(phi::StageOp stage, const lower::Lowering &l) {
  Operation &op = stage.getBody().front().front();
  if (!isa<phi::RmsNormOp, phi::SwiGluOp, phi::AddOp>(op))
    return stage.emitOpError("cannot be tiled: ") << op.getName() << " needs what it is fused with";
  if (auto place = stage->getAttr("arena_offset"))
    op.setAttr("arena_offset", place);
  if (failed(lower::lowerReference(&op, l)))
    return failure();
  l.lowered[stage.getResult(0)] = l.of(op.getResult(0));
  return success();
}

LogicalResult tileStage(phi::StageOp stage, const lower::Lowering &l, Plan &plan) {
  if (find<phi::LinearOp>(stage) || find<phi::LogitsOp>(stage))
    return tileLinear(stage, l, plan);
  if (find<phi::AttentionOp>(stage))
    return tileAttention(stage, l, plan);
  if (find<phi::EmbedOp>(stage))
    return tileEmbed(stage, l, plan);
  return tileRows(stage, l);
}

LogicalResult tileOp(Operation *op, const lower::Lowering &l, Plan &plan) {
  if (auto layers = dyn_cast<phi::LayersOp>(op))
    return lower::lowerOp(layers, l);
  auto stage = dyn_cast<phi::StageOp>(op);
  if (!stage)
    return op->emitOpError("is in no stage: run phi-outline-stages first");
  plan.stages.push_back(describe(stage, l.symbols));
  if (failed(tileStage(stage, l, plan)))
    return failure();
  noteEnd(l, stage.getLoc(), plan.stages.size() - 1);
  if (plan.chooses && find<phi::LogitsOp>(stage))
    tileChoice(stage, l, plan);
  return success();
}

struct Tile : phidias::impl::TilePassBase<Tile> {
  using TilePassBase::TilePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto number = [&](StringRef name) {
      auto attr = module->getAttrOfType<IntegerAttr>(name);
      return attr ? attr.getInt() : 0;
    };
    auto machine = module->getAttrOfType<phi::MachineAttr>("phi.machine");
    if (!machine) {
      module.emitError("has no phi.machine");
      return signalPassFailure();
    }
    Plan plan{machine, number("phi.max_tokens"), number("phi.arena_bytes"), chooses};
    auto lowerOne = [&](Operation *op, const lower::Lowering &l) { return tileOp(op, l, plan); };
    if (failed(lower::lowerFunctions(module, lowerOne, IntegerType::get(&getContext(), 8))))
      return signalPassFailure();
    Builder b(&getContext());
    module->setAttr("phi.arena_bytes",
                    b.getI64IntegerAttr(plan.activationsAt + plan.activationBytes));
    module->setAttr("phi.scratch_bytes", b.getI64IntegerAttr(llvm::alignTo(plan.scratchBytes, 64)));
    module->setAttr("phi.stages", b.getArrayAttr(plan.stages));
  }
};

} // namespace
