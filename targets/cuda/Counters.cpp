#include "targets/cuda/Counters.h"
#include "targets/cuda/SharedMemory.h"
#include "llvm/IR/InlineAsm.h"

using namespace llvm;

namespace phidias::cuda {

static constexpr unsigned kSharedSpace = 3;

bool callsFunction(const Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  return call && call->getCalledFunction() && !call->getCalledFunction()->isIntrinsic();
}

bool callsFunctions(const BasicBlock *block) { return any_of(*block, callsFunction); }

Counters::Counters(Function &kernel, LoopInfo &loops, const Origins &origins) {
  for (Loop *loop : loops)
    if (any_of(loop->blocks(), callsFunctions))
      for (PHINode &phi : loop->getHeader()->phis())
        if (origins.isRoot(&phi))
          keep(phi);
  assert(words.size() * sizeof(int64_t) <= kCounterBytes && "regions have few loops");
}

// Volatile: read where it is needed, and no sooner.
void Counters::keep(PHINode &counter) {
  Type *type = counter.getType();
  BasicBlock *header = counter.getParent();
  auto *word = new GlobalVariable(
      *header->getModule(), type, /*isConstant=*/false, GlobalValue::InternalLinkage,
      UndefValue::get(type), "phi_counter", nullptr, GlobalValue::NotThreadLocal, kSharedSpace);
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
  GlobalVariable *word = words.lookup(value);
  return word ? b.CreateLoad(value->getType(), word, /*isVolatile=*/true) : nullptr;
}

} // namespace phidias::cuda
