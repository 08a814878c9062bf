#include "targets/cuda/Origins.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace phidias::cuda {

const char *letterOf(Type *type) {
  if (type->isPointerTy() || type->isIntegerTy(64))
    return "l";
  return type->isIntegerTy(32) ? "r" : type->isIntegerTy(16) ? "h" : nullptr;
}

static bool isArithmetic(const Instruction *value) {
  return isa<BinaryOperator, CastInst, CmpInst, SelectInst, GetElementPtrInst, MinMaxIntrinsic>(
      value);
}

bool Origins::isRoot(Instruction *value) const {
  if (!letterOf(value->getType()))
    return false;
  if (auto *load = dyn_cast<LoadInst>(value))
    return getUnderlyingObject(load->getPointerOperand()) == kernel.getArg(0);
  if (auto *phi = dyn_cast<PHINode>(value)) {
    Loop *loop = loops.getLoopFor(phi->getParent());
    return loop && loop->getLoopDepth() == 1 && loop->getHeader() == phi->getParent();
  }
  auto *call = dyn_cast<IntrinsicInst>(value);
  return call && call->arg_empty() && !call->mayHaveSideEffects();
}

bool Origins::isKnown(Value *value) {
  auto *instruction = dyn_cast<Instruction>(original(value));
  if (!instruction)
    return isa<Constant, Argument>(value);
  if (auto found = known.find(instruction); found != known.end())
    return found->second;
  bool result = isRoot(instruction) ||
                (isArithmetic(instruction) &&
                 all_of(instruction->operands(), [&](Value *operand) { return isKnown(operand); }));
  return known[instruction] = result;
}

bool Origins::isUniform(const Value *value) const {
  SmallPtrSet<const Value *, 8> seen;
  SmallVector<const Value *> open{value};
  while (!open.empty()) {
    auto *instruction = dyn_cast<Instruction>(open.pop_back_val());
    if (!instruction || !seen.insert(instruction).second)
      continue;
    auto *load = dyn_cast<LoadInst>(instruction);
    if (load && getUnderlyingObject(load->getPointerOperand()) == kernel.getArg(0))
      continue;
    auto *call = dyn_cast<IntrinsicInst>(instruction);
    if (call && call->getIntrinsicID() == Intrinsic::nvvm_read_ptx_sreg_ctaid_x)
      continue;
    if (!isArithmetic(instruction) && !isa<PHINode>(instruction))
      return false;
    append_range(open, instruction->operands());
  }
  return true;
}

Value *Origins::original(Value *value) const {
  Value *first = originals.lookup(value);
  return first ? first : value;
}

static Instruction *sameOnAllWays(const PHINode &phi) {
  auto *first = dyn_cast<Instruction>(phi.getIncomingValue(0));
  bool isSame = first && isArithmetic(first) && all_of(phi.incoming_values(), [&](Value *other) {
                  auto *instruction = dyn_cast<Instruction>(other);
                  return instruction && instruction->isIdenticalTo(first);
                });
  return isSame ? first : nullptr;
}

void computeAfterJoins(Function &kernel, const DominatorTree &dominators) {
  for (BasicBlock &block : kernel)
    for (PHINode &phi : make_early_inc_range(block.phis())) {
      Instruction *same = sameOnAllWays(phi);
      if (!same || !all_of(same->operands(), [&](const Use &operand) {
            return dominators.dominates(operand.get(), &phi);
          }))
        continue;
      Instruction *own = same->clone();
      own->insertBefore(block.getFirstInsertionPt());
      phi.replaceAllUsesWith(own);
      phi.eraseFromParent();
    }
}

} // namespace phidias::cuda
