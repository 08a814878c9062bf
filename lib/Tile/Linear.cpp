// A stage with a weight: its rows are prepared once, token by token; then each thread multiplies
// its panels; what follows (gate, residual) happens where a panel's products are still in
// registers.

#include "Stage.h"
#include "dialects/phi/Activations.h"
#include "dialects/phi/Panel.h"
#include "phidias/Vectorize/Scratch.h"
#include "phidias/Vectorize/VectorTarget.h"

using namespace mlir;

namespace phidias::tile {
namespace {

/// Weights that a claimed piece of a short pass has at least: a core reads them in some 20 us, and
/// loses less than one until its streams flow.
constexpr int64_t kLeastBytes = 1 << 18;
constexpr int64_t kShort = 8; ///< tokens of a short pass, at most

class LinearStage {
public:
  LinearStage(phi::StageOp stage, Operation *linear, const lower::Lowering &l, Plan &plan)
      : stage(stage), linear(linear), l(l), plan(plan), loc(stage.getLoc()),
        norm(find<phi::RmsNormOp>(stage)), add(find<phi::AddOp>(stage)),
        gated(find<phi::SwiGluOp>(stage)), rope(find<phi::RopeOp>(stage)),
        append(find<phi::CacheAppendOp>(stage)),
        weight(l.symbols.lookup<phi::WeightOp>(weightName())),
        type(cast<RankedTensorType>(weight.getTensorType())),
        activation(phi::activationFor(type.getElementType(), plan.machine.getBf16())) {}

  LogicalResult run() {
    if (!weight.getPacked()->getPanels())
      return stage.emitOpError("weight @") << weightName() << " does not lie in panels";
    if (!stage.getSchedule())
      return stage.emitOpError("has no schedule: run phi-schedule first");
    phi::ActivationLayout layout =
        phi::activationLayout(type.getElementType(), activation, type.getDimSize(1),
                              plan.machine.getMatrix(), plan.machine.getWideRows());
    int64_t bytes = layout.bytes * records();
    plan.needActivations(bytes);
    activations = memref::ViewOp::create(
        l.builder, loc, MemRefType::get(ShapedType::kDynamic, l.builder.getI8Type()), l.env.arena,
        index(plan.activationsAt), index(bytes));
    result = l.place(stage);
    count = l.env.count;
    first = index(0);
    if (auto logits = dyn_cast<phi::LogitsOp>(linear)) {
      count = l.of(logits.getRows());
      first = arith::SubIOp::create(l.builder, loc, l.env.count, count);
    }
    prepare(layout.pairs ? 2 : 1, layout.factor >= 0);
    multiply();
    bindResults();
    return success();
  }

private:
  StringRef weightName() { return linear->getAttrOfType<FlatSymbolRefAttr>("weight").getValue(); }
  Value index(int64_t value) { return lower::constantIndex(l.builder, loc, value); }
  Value member(Operation *op) {
    auto linearOp = dyn_cast<phi::LinearOp>(op);
    auto normOp = dyn_cast<phi::RmsNormOp>(op);
    Value value = linearOp ? linearOp.getMember() : normOp ? normOp.getMember() : Value();
    return value ? l.of(value) : Value();
  }

  /// Tokens whose records are read: the last kernel of a pass may go beyond the pass.
  int64_t records() {
    int64_t tile = stage.getSchedule()->getTokens();
    return std::max(llvm::alignTo(plan.maxTokens, 8), llvm::alignTo(plan.maxTokens, tile));
  }

  /// `unit`: tokens whose records a thread should write together; `wide`: long passes have other
  /// records than short ones.
  void prepare(int64_t unit, bool wide) {
    Value rows = l.of(norm ? norm.getInput() : linear->getOperand(0)), at;
    FloatAttr eps;
    if (norm) {
      at = weightOffset(l, loc, norm.getWeight(), member(norm));
      eps = norm.getEpsAttr();
    }
    parallel(l, loc, count, {unit, unit}, [&](OpBuilder &b, Share share) {
      phi::TilePrepareOp::create(b, loc, rows, first, activations, l.env.weights, at, eps,
                                 share.from, share.to, wide ? count : Value(), TypeAttr::get(type),
                                 TypeAttr::get(activation));
    });
  }

  /// A long pass wants whole tiles. A short one is bound by memory, and walks some streams
  /// together, which take a while to flow: its pieces have as many panels for each, and are not too
  /// short. `panels`: of the result.
  Grain grain(int64_t panels) {
    int64_t width = gated ? 2 : 1,
            tile = std::max<int64_t>(stage.getSchedule()->getPanels() / width, 1);
    int64_t streams = std::max<int64_t>(stage.getSchedule()->getStreams() / width, 1);
    int64_t claimed = tile * static_cast<int64_t>(llvm::divideCeil(streams, tile));
    int64_t most = weight.getMemberBytes() / kLeastBytes;
    Value isShort =
        arith::CmpIOp::create(l.builder, loc, arith::CmpIPredicate::ule, count, index(kShort));
    return {tile, claimed,
            arith::SelectOp::create(l.builder, loc, isShort, index(most), index(panels))};
  }

  void multiply() {
    Value offset = weightOffset(l, loc, weightName(), member(linear)), residual;
    if (add)
      residual = l.of(add.getLhs() == linear->getResult(0) ? add.getRhs() : add.getLhs());
    int64_t rows = type.getDimSize(0) / (gated ? 2 : 1);
    int64_t panels = llvm::divideCeil(rows, phi::kPanelRows);
    parallel(l, loc, index(panels), grain(panels), [&](OpBuilder &b, Share share) {
      auto op = phi::TileLinearOp::create(
          b, loc, activations, l.env.weights, offset, result, l.env.scratch, residual, share.from,
          share.to, count, TypeAttr::get(type), TypeAttr::get(activation),
          gated ? b.getUnitAttr() : UnitAttr(), *stage.getSchedule());
      plan.needScratch(linearScratchBytes(op, plan.maxTokens, VectorTarget::of(plan.machine)));
    });
  }

  void bindResults() {
    if (append)
      tileAppend(rope, append, result, l, plan);
    for (Value value : stage.getResults())
      if (!isa<phi::CacheType>(value.getType()))
        l.lowered[value] = result;
  }

  phi::StageOp stage;
  Operation *linear;
  const lower::Lowering &l;
  Plan &plan;
  Location loc;
  phi::RmsNormOp norm;
  phi::AddOp add;
  phi::SwiGluOp gated;
  phi::RopeOp rope;
  phi::CacheAppendOp append;
  phi::WeightOp weight;
  RankedTensorType type;
  Type activation;
  Value activations, result, count, first;
};

} // namespace

LogicalResult tileLinear(phi::StageOp stage, const lower::Lowering &l, Plan &plan) {
  Operation *linear = find<phi::LinearOp>(stage);
  if (!linear)
    linear = find<phi::LogitsOp>(stage);
  return LinearStage(stage, linear, l, plan).run();
}

} // namespace phidias::tile
