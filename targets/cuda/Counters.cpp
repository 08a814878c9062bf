#include "targets/cuda/Counters.h"
#include "targets/cuda/SharedMemory.h"
#include "llvm/IR/InlineAsm.h"

using namespace llvm;

namespace phidias::cuda {

bool callsFunction(const Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  return call && call->getCalledFunction() && !call->getCalledFunction()->isIntrinsic();
}

bool callsFunctions(const BasicBlock *block) { return any_of(*block, callsFunction); }

Counters::Counters(LoopInfo &loops, const Origins &origins, Constant *memory) : memory(memory) {
  for (Loop *loop : loops)
    if (any_of(loop->blocks(), callsFunctions))
      for (PHINode &phi : loop->getHeader()->phis())
        if (origins.isRoot(&phi) && origins.isUniform(&phi))
          keep(phi);
}

// Volatile: read where it is needed, and no sooner.
void Counters::keep(PHINode &counter) {
  LLVMContext &context = counter.getContext();
  size_t at = words.size() * sizeof(int64_t);
  if (at + sizeof(int64_t) > kCounterBytes)
    return; // a register does as well
  BasicBlock *header = counter.getParent();
  Constant *word = ConstantExpr::getGetElementPtr(Type::getInt8Ty(context), memory,
                                                  ConstantInt::get(Type::getInt64Ty(context), at));
  words[&counter] = word;
  IRBuilder<>(header, header->getFirstInsertionPt())
      .CreateStore(&counter, word, /*isVolatile=*/true);
}

void Counters::meetBetweenTurns(const LoopInfo &loops) const {
  for (auto [counter, word] : words) {
    auto *type = FunctionType::get(Type::getVoidTy(counter->getContext()), false);
    auto *ptx = InlineAsm::get(type, "bar.sync 0;", "~{memory}", /*hasSideEffects=*/true);
    for (BasicBlock *from : cast<PHINode>(counter)->blocks())
      if (loops.getLoopFor(counter->getParent())->contains(from))
        IRBuilder<>(from->getTerminator()).CreateCall(ptx)->addFnAttr(Attribute::Convergent);
  }
}

Value *Counters::load(IRBuilder<> &b, Instruction *value) const {
  Constant *word = words.lookup(value);
  return word ? b.CreateLoad(value->getType(), word, /*isVolatile=*/true) : nullptr;
}

} // namespace phidias::cuda
