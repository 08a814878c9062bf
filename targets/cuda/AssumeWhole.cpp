// A kernel that runs whole passes alone: what phi-cuda-cut-launches has added for others falls
// away.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "phirt/abi.h"
#include "targets/cuda/RegionValues.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using phirt::abi::ForwardArgs;

namespace phidias::cuda {

/// The arguments that say what a launch runs.
static void assumeAllRegions(func::FuncOp forward) {
  OpBuilder b = OpBuilder::atBlockBegin(&forward.getBody().front());
  Location loc = forward.getLoc();
  auto env = lower::Environment::from(forward.getArguments());
  for (BlockArgument argument : forward.getArguments()) {
    auto field = forward.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), "phi.field");
    if (field && field.getInt() == offsetof(ForwardArgs, firstRegion))
      argument.replaceAllUsesWith(arith::ConstantIndexOp::create(b, loc, 0));
    else if (field && field.getInt() == offsetof(ForwardArgs, regionCount))
      argument.replaceAllUsesWith(arith::ConstantIndexOp::create(b, loc, phirt::abi::kAllRegions));
    else if (field && field.getInt() == offsetof(ForwardArgs, narrowBlocks))
      argument.replaceAllUsesWith(env.threads);
  }
}

/// Blocks meet at all ends, and all share all regions.
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
  // LLVM would also find that all is run, but leaves other code behind.
  PassManager pm(module.getContext(), func::FuncOp::getOperationName());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  for (func::FuncOp function : functions)
    (void)pm.run(function); // these do not fail
}

} // namespace phidias::cuda
