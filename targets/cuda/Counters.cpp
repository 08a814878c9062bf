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

/// All threads of the block have read the word, to count on from it, before any writes the next
/// number: what they met at before, a region's end, lies before that.
static void meet(IRBuilder<> &b) {
  auto *ptx = InlineAsm::get(FunctionType::get(b.getVoidTy(), false), "bar.sync 0;", "~{memory}",
                             /*hasSideEffects=*/true);
  b.CreateCall(ptx)->addFnAttr(Attribute::Convergent);
}

// Volatile: read where it is needed, and no sooner.
void Counters::keep(PHINode &counter) {
  Type *type = counter.getType();
  BasicBlock *header = counter.getParent();
  auto *word = new GlobalVariable(
      *header->getModule(), type, /*isConstant=*/false, GlobalValue::InternalLinkage,
      UndefValue::get(type), "phi_counter", nullptr, GlobalValue::NotThreadLocal, kSharedSpace);
  words[&counter] = word;
  IRBuilder<> b(header, header->getFirstInsertionPt());
  meet(b);
  b.CreateStore(&counter, word, /*isVolatile=*/true);
}

Value *Counters::load(IRBuilder<> &b, Instruction *value) const {
  GlobalVariable *word = words.lookup(value);
  return word ? b.CreateLoad(value->getType(), word, /*isVolatile=*/true) : nullptr;
}

} // namespace phidias::cuda
