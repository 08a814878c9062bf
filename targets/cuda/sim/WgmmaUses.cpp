// The registers that a wgmma writes are there when its group has been waited for. Until then
// nothing but another wgmma may have them: a call before every other op that does checks that.

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "targets/cuda/sim/LowerOps.h"
#include "targets/cuda/sim/SimBuilder.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;

namespace phidias::sim {
namespace {

constexpr StringLiteral kChain = "phisim.chain";

class Registers {
public:
  explicit Registers(ModuleOp module) {
    module.walk([&](Operation *op) {
      if (isWgmma(op))
        follow(op->getResult(0), static_cast<int64_t>(chains.size()));
    });
    module.walk([&](Operation *op) {
      if (isWgmma(op))
        op->setAttr(kChain, IntegerAttr::get(IntegerType::get(op->getContext(), 64), numberOf(op)));
    });
  }

  /// -1: no wgmma writes it.
  int64_t numberOf(Value value) const {
    auto found = chains.find(value);
    return found == chains.end() ? -1 : found->second;
  }

private:
  int64_t numberOf(Operation *wgmma) const { return numberOf(wgmma->getResult(0)); }

  /// All values that may be these registers have the same number.
  void follow(Value value, int64_t number) {
    if (!chains.try_emplace(value, number).second)
      return;
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      if (isWgmma(user) && isRegister(use))
        follow(user->getResult(0), number);
      else if (isa<LLVM::ExtractValueOp>(user))
        follow(user->getResult(0), number);
      else if (auto loop = dyn_cast<scf::ForOp>(user))
        followLoop(loop, use.getOperandNumber() - loop.getNumControlOperands(), number);
      else if (isa<scf::YieldOp>(user))
        followYield(user->getParentOp(), use.getOperandNumber(), number);
    }
  }

  static bool isRegister(OpOperand &use) { return !use.get().getType().isInteger(); }

  void followLoop(scf::ForOp loop, int64_t i, int64_t number) {
    follow(loop.getRegionIterArg(i), number);
    follow(loop.getResult(i), number);
  }
  void followYield(Operation *parent, int64_t i, int64_t number) {
    if (auto loop = dyn_cast<scf::ForOp>(parent))
      return followLoop(loop, i, number);
    follow(parent->getResult(i), number);
  }

  llvm::DenseMap<Value, int64_t> chains;
};

bool passesOn(Operation *op) {
  return isWgmma(op) || isa<LLVM::ExtractValueOp, scf::ForOp, scf::YieldOp>(op);
}

} // namespace

void markWgmmaUses(ModuleOp module, Sites &sites) {
  Registers registers(module);
  module.walk([&](Block *block) {
    llvm::SmallSet<int64_t, 4> checked;
    for (Operation &op : *block) {
      if (isWgmma(&op))
        checked.clear();
      if (passesOn(&op))
        continue;
      for (Value operand : op.getOperands()) {
        int64_t chain = registers.numberOf(operand);
        if (chain < 0 || !checked.insert(chain).second)
          continue;
        OpBuilder b(&op);
        SimBuilder s(module, b, op.getLoc());
        s.call("phisim_wgmma_use", {s.i32(chain), s.i32(sites.add(&op))});
      }
    }
  });
}

} // namespace phidias::sim
