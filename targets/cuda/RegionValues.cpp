#include "targets/cuda/RegionValues.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"
#include "phirt/abi.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using phirt::abi::ForwardArgs;

namespace phidias::cuda {
namespace {

Value constant(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

/// Values as they are for other threads and pieces: arithmetic on these is done anew.
class OtherShare {
public:
  explicit OtherShare(OpBuilder &b) : b(b) {}
  void map(Value from, Value to) { others.map(from, to); }

  Value operator()(Value value) {
    Operation *op = value.getDefiningOp();
    if (others.contains(value) || !op || op->getNumRegions() || !isMemoryEffectFree(op))
      return others.lookupOrDefault(value);
    bool differs = false;
    for (Value operand : op->getOperands())
      differs |= (*this)(operand) != operand;
    if (differs)
      b.clone(*op, others);
    else
      others.map(op->getResults(), op->getResults());
    return others.lookup(value);
  }

private:
  OpBuilder &b;
  IRMapping others;
};

} // namespace

/// The arguments that say what a launch runs.
static void assumeAllRegions(func::FuncOp forward) {
  OpBuilder b = OpBuilder::atBlockBegin(&forward.getBody().front());
  Location loc = forward.getLoc();
  auto env = lower::Environment::from(forward.getArguments());
  for (BlockArgument argument : forward.getArguments()) {
    auto field = forward.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), "phi.field");
    if (field && field.getInt() == offsetof(ForwardArgs, firstRegion))
      argument.replaceAllUsesWith(constant(b, loc, 0));
    else if (field && field.getInt() == offsetof(ForwardArgs, regionCount))
      argument.replaceAllUsesWith(constant(b, loc, phirt::abi::kAllRegions));
    else if (field && field.getInt() == offsetof(ForwardArgs, narrowBlocks))
      argument.replaceAllUsesWith(env.threads);
  }
}

/// Blocks meet at all ends, and all share all regions. Branches are taken away here: LLVM, which
/// would find that they are, leaves other code behind.
static void assumeBlocksMeet(func::FuncOp function) {
  Value thread = lower::Environment::from(function.getArguments()).thread;
  bool hasBase = !function.getArgAttr(function.getNumArguments() - 1, "phi.field");
  Value count = function.getArgument(function.getNumArguments() - (hasBase ? 3 : 2));
  function.walk([&](Operation *op) {
    OpBuilder b(op);
    if (auto call = dyn_cast<func::CallOp>(op); call && call.getCallee() == kRegionEnd)
      call.setOperand(1, arith::ConstantIntOp::create(b, call.getLoc(), -1, 32));
    else if (auto runs = dyn_cast<arith::CmpIOp>(op); runs && runs.getRhs() == count)
      runs.replaceAllUsesWith(arith::ConstantIntOp::create(b, op->getLoc(), 1, 1).getResult());
    else if (isa<arith::MinUIOp>(op) && llvm::is_contained(op->getOperands(), thread))
      op->replaceAllUsesWith(ValueRange{thread}); // it is below the number of them
  });
  RewritePatternSet patterns(function.getContext());
  scf::IfOp::getCanonicalizationPatterns(patterns, function.getContext());
  (void)applyPatternsGreedily(function, std::move(patterns)); // as far as it gets
}

void assumeWhole(ModuleOp module) {
  auto end = module.lookupSymbol<func::FuncOp>(kRegionEnd);
  if (!end)
    return;
  llvm::SmallSetVector<func::FuncOp, 4> functions;
  auto uses = SymbolTable::getSymbolUses(end, module);
  for (SymbolTable::SymbolUse use : *uses)
    functions.insert(use.getUser()->getParentOfType<func::FuncOp>());
  llvm::for_each(functions, assumeBlocksMeet);
  assumeAllRegions(module.lookupSymbol<func::FuncOp>("forward"));
}

void RegionValues::declare(ModuleOp module) {
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto type = b.getFunctionType({pointer, b.getI32Type(), b.getI1Type()}, {});
  func::FuncOp::create(b, module.getLoc(), kRegionEnd, type).setPrivate();
}

RegionValues::RegionValues(func::FuncOp function, bool hasBase)
    : function(function), env(lower::Environment::from(function.getArguments())) {
  Builder b(function.getContext());
  auto add = [&](int64_t field) {
    unsigned at = function.getNumArguments();
    auto attributes = b.getDictionaryAttr(b.getNamedAttr("phi.field", b.getI64IntegerAttr(field)));
    if (failed(function.insertArgument(at, b.getIndexType(),
                                       hasBase ? b.getDictionaryAttr({}) : attributes,
                                       function.getLoc())))
      llvm_unreachable("a function with a body takes any argument");
    return function.getArgument(at);
  };
  first = add(offsetof(ForwardArgs, firstRegion));
  count = add(offsetof(ForwardArgs, regionCount));
  blocks = add(offsetof(ForwardArgs, narrowBlocks));
  if (hasBase)
    base = add(0);
}

Value RegionValues::numberOf(OpBuilder &b, int64_t number) {
  Value offset = constant(b, function.getLoc(), number);
  return base ? arith::AddIOp::create(b, function.getLoc(), base, offset).getResult() : offset;
}

void RegionValues::guard(SmallVectorImpl<Operation *> &work, int64_t number) {
  if (work.empty())
    return;
  OpBuilder b(work.back());
  Location loc = work.back()->getLoc();
  Value behind = arith::SubIOp::create(b, loc, numberOf(b, number), first); // above all, if before
  Value runs = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, behind, count);
  auto branch = scf::IfOp::create(b, loc, runs, /*withElseRegion=*/false);
  for (Operation *op : work)
    op->moveBefore(branch.thenBlock()->getTerminator());
  work.clear();
}

void RegionValues::narrow(ArrayRef<Operation *> work) {
  for (Operation *op : work) {
    if (isa<scf::IfOp>(op)) // weights ahead, which are of the block's own share of another region
      continue;
    OpBuilder b(op);
    Location loc = op->getLoc();
    Value last = arith::SubIOp::create(b, loc, blocks, constant(b, loc, 1));
    OtherShare other(b);
    other.map(env.thread, arith::MinUIOp::create(b, loc, env.thread, last));
    other.map(env.threads, blocks);
    other.map(env.pieces, blocks);
    SetVector<Value> used(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), used);
    for (Value value : used)
      value.replaceUsesWithIf(other(value),
                              [&](OpOperand &use) { return op->isAncestor(use.getOwner()); });
  }
}

Operation *RegionValues::end(func::CallOp barrier, int64_t number, bool isWide) {
  OpBuilder b(barrier);
  Location loc = barrier.getLoc();
  Value left = arith::SubIOp::create(b, loc, arith::AddIOp::create(b, loc, first, count),
                                     numberOf(b, number + 1));
  Value words = arith::IndexCastUIOp::create(b, loc, b.getI32Type(), left);
  Value wide = arith::ConstantIntOp::create(b, loc, isWide, 1);
  auto end = func::CallOp::create(b, loc, kRegionEnd, TypeRange(),
                                  ValueRange{barrier.getOperand(0), words, wide});
  barrier.erase();
  return end;
}

void RegionValues::pass(func::CallOp call, int64_t number, int64_t count, Value index) {
  OpBuilder b(call);
  Location loc = call.getLoc();
  Value start = numberOf(b, number);
  if (index)
    start = arith::AddIOp::create(b, loc, start,
                                  arith::MulIOp::create(b, loc, index, constant(b, loc, count)));
  call.getOperandsMutable().append({first, this->count, blocks, start});
}

void RegionValues::startAt(scf::ForOp loop, int64_t number, int64_t count) {
  OpBuilder b(loop);
  Location loc = loop.getLoc();
  Value start = numberOf(b, number);
  Value skipped =
      arith::SubIOp::create(b, loc, arith::MaxUIOp::create(b, loc, first, start), start);
  Value layers = arith::DivUIOp::create(b, loc, skipped, constant(b, loc, count));
  loop.setLowerBound(arith::MinUIOp::create(b, loc, layers, loop.getUpperBound()));
}

} // namespace phidias::cuda
