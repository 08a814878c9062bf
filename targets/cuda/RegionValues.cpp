#include "targets/cuda/RegionValues.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
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
  for (ArrayRef<Operation *> rest = work; !rest.empty();) {
    auto isAhead = [](Operation *op) { return isa<scf::IfOp>(op); };
    size_t together = isAhead(rest.front()) ? 1 : llvm::find_if(rest, isAhead) - rest.begin();
    guardTogether(rest.take_front(together), number);
    rest = rest.drop_front(together);
  }
  work.clear();
}

void RegionValues::guardTogether(ArrayRef<Operation *> work, int64_t number) {
  OpBuilder b(work.back());
  Location loc = work.back()->getLoc();
  Value behind = arith::SubIOp::create(b, loc, numberOf(b, number), first); // above all, if before
  Value runs = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, behind, count);
  auto branch = scf::IfOp::create(b, loc, runs, /*withElseRegion=*/false);
  for (Operation *op : work)
    op->moveBefore(branch.thenBlock()->getTerminator());
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
