// phi-cuda-prefetch-weights: each block asks for the first of its share of a linear's weights two
// barriers before it multiplies with them.

#include "dialects/phi/Panel.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "phidias/Lower/Environment.h"
#include "targets/cuda/Block.h"
#include "targets/cuda/LinearFew.h"
#include "targets/cuda/Passes.h"

using namespace mlir;

namespace phidias {
#define GEN_PASS_DEF_CUDAPREFETCHWEIGHTSPASS
#include "targets/cuda/Passes.h.inc"

namespace {

constexpr StringLiteral kFunction = "phi_prefetch";
constexpr int64_t kLineBytes = 128; ///< what the second cache asks the memory for
constexpr unsigned kGlobalSpace = 1;

/// Whether blocks meet within the op.
bool meets(Operation &op) {
  auto found = op.walk([](func::CallOp call) {
    // A barrier, or a layer's function.
    bool waits = call.getCallee() != "phirt_claim" && call.getCallee() != "phirt_stage";
    return waits ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found.wasInterrupted();
}

/// The op of `region`'s block before which, two meetings earlier, the weights are asked for: a
/// barrier, what follows something that has one within, or the block's first.
Operation *placeFor(scf::WhileOp region) {
  int64_t meetings = 0;
  Operation *place = region;
  for (; Operation *before = place->getPrevNode(); place = before)
    if (meets(*before) && ++meetings == 2)
      return isa<func::CallOp>(before) ? before : place;
  return place;
}

/// Values that are not there yet at `place`, computed anew by `b`.
class Recompute {
public:
  Recompute(OpBuilder &b, Operation *place)
      : b(b), place(place), dominance(place->getParentOfType<func::FuncOp>()) {}

  void map(Value from, Value to) { copies.map(from, to); }

  /// Whether that takes no more than arithmetic.
  bool isPossible(Value value) const {
    if (copies.contains(value) || dominance.properlyDominates(value, place))
      return true;
    Operation *op = value.getDefiningOp();
    return op && !op->getNumRegions() && isMemoryEffectFree(op) &&
           llvm::all_of(op->getOperands(), [&](Value operand) { return isPossible(operand); });
  }

  Value operator()(Value value) {
    if (copies.contains(value) || dominance.properlyDominates(value, place))
      return copies.lookupOrDefault(value);
    Operation *op = value.getDefiningOp();
    for (Value operand : op->getOperands())
      (*this)(operand);
    b.clone(*op, copies);
    return copies.lookup(value);
  }

private:
  OpBuilder &b;
  Operation *place;
  DominanceInfo dominance;
  IRMapping copies;
};

/// func @phi_prefetch(%weights, %from, %bytes): the lines of these bytes, by all threads.
void addFunction(ModuleOp module) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  auto bytes = MemRefType::get(ShapedType::kDynamic, b.getI8Type());
  auto type = b.getFunctionType({bytes, b.getIndexType(), b.getIndexType()}, {});
  auto function = func::FuncOp::create(b, loc, kFunction, type);
  function.setPrivate();
  b.setInsertionPointToStart(function.addEntryBlock());
  cuda::Block e(b, loc);
  Value start = memref::ExtractAlignedPointerAsIndexOp::create(b, loc, function.getArgument(0));
  Value from = e.add(start, function.getArgument(1));
  e.loop(e.mul(e.thread, kLineBytes), function.getArgument(2), cuda::kBlockThreads * kLineBytes,
         [&](Value at) {
           Value bits = arith::IndexCastOp::create(b, loc, b.getI64Type(), e.add(from, at));
           auto pointer = LLVM::LLVMPointerType::get(b.getContext(), kGlobalSpace);
           auto level =
               NVVM::PrefetchCacheLevelAttr::get(b.getContext(), NVVM::PrefetchCacheLevel::L2);
           NVVM::PrefetchOp::create(b, loc, level, NVVM::CacheEvictionPriorityAttr(),
                                    LLVM::IntToPtrOp::create(b, loc, pointer, bits), Value());
         });
  func::ReturnOp::create(b, loc);
}

/// The call for one linear.
class Ahead {
public:
  Ahead(phi::TileLinearOp op, scf::WhileOp region)
      : op(op), region(region), place(placeFor(region)), b(place), e{b, op.getLoc()},
        recompute(b, place) {
    env = lower::Environment::from(op->getParentOfType<func::FuncOp>().getArguments());
    recompute.map(region.getAfterArguments().front(), env.thread); // a block's first piece
  }

  void emit() {
    Value operands[] = {pieceCount(),  op.getFrom(),   op.getTo(),
                        op.getCount(), op.getOffset(), op.getWeights()};
    if (!aheadBytes() ||
        !llvm::all_of(operands, [&](Value value) { return recompute.isPossible(value); }))
      return;
    Value hasPiece = e.less(env.thread, recompute(pieceCount()));
    Value isShort = e.less(recompute(op.getCount()), e.index(cuda::kMostOfFew + 1));
    // Divisions of the loop over pieces are done only where it is entered.
    e.when(arith::AndIOp::create(b, e.loc, hasPiece, isShort), [&] { callForHalves(); });
  }

private:
  void callForHalves() {
    Value from = recompute(op.getFrom()), to = recompute(op.getTo());
    Value bytes = e.min(e.mul(e.sub(to, from), panelBytes()), e.index(aheadBytes() / halves()));
    Value start = e.add(recompute(op.getOffset()), e.mul(from, panelBytes()));
    for (int64_t half = 0; half < halves(); ++half)
      func::CallOp::create(
          b, e.loc, kFunction, TypeRange(),
          ValueRange{recompute(op.getWeights()), e.add(start, half * halfBytes()), bytes});
  }

  int64_t aheadBytes() { return op.getSchedule().getPrefetch() << 10; }
  int64_t panelBytes() {
    int64_t steps = llvm::divideCeil(op.getColumns(), phi::kStepColumns);
    return steps * phi::stepLayout(op.getElement()).bytes;
  }
  int64_t halves() { return op.getGated() ? 2 : 1; }
  int64_t halfBytes() { return op.getRows() / 2 / phi::kPanelRows * panelBytes(); }

  /// What phi-distribute compares a piece with.
  Value pieceCount() {
    Operation *condition = region.getConditionOp().getCondition().getDefiningOp();
    return cast<arith::CmpIOp>(condition).getRhs();
  }

  phi::TileLinearOp op;
  scf::WhileOp region;
  Operation *place;
  OpBuilder b;
  vec::Emitter e;
  Recompute recompute;
  lower::Environment env;
};

struct CudaPrefetchWeights : impl::CudaPrefetchWeightsPassBase<CudaPrefetchWeights> {
  void runOnOperation() override {
    getOperation().walk([&](phi::TileLinearOp op) {
      if (auto region = dyn_cast<scf::WhileOp>(op->getParentOp()))
        Ahead(op, region).emit();
    });
    addFunction(getOperation());
  }
};

} // namespace
} // namespace phidias
