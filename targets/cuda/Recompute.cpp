#include "targets/cuda/Recompute.h"
#include "targets/cuda/Counters.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace phidias::cuda {
namespace {

class Recompute {
public:
  Recompute(Function &kernel, Constant *memory)
      : kernel(kernel), dominators(kernel), loops(dominators), origins(kernel, loops),
        counters(loops, origins, memory) {
    computeAfterJoins(kernel, dominators);
    for (Loop *loop : loops.getLoopsInPreorder()) // what it needs is made in a block of its own
      if (!loop->getLoopPreheader())
        InsertPreheaderForLoop(loop, &dominators, &loops, nullptr, /*PreserveLCSSA=*/false);
  }

  void run() {
    ReversePostOrderTraversal<Function *> order(&kernel);
    for (BasicBlock *block : order)
      for (Instruction &user : make_early_inc_range(*block)) {
        renew(user);
        if (callsFunction(user))
          copies[block].within.clear(), copies[block].isCut = true;
      }
    counters.meetBetweenTurns(loops);
    for (BasicBlock *block : post_order(&kernel)) // what nothing uses any more
      for (Instruction &instruction : make_early_inc_range(reverse(*block)))
        if (isInstructionTriviallyDead(&instruction))
          instruction.eraseFromParent();
  }

private:
  using Copies = DenseMap<Instruction *, Value *>;
  struct BlockCopies {
    Copies within; ///< since the last call
    Copies atEnd;
    bool isCut = false; ///< a call was met
  };

  void renew(Instruction &user) {
    auto *phi = dyn_cast<PHINode>(&user);
    for (Use &use : user.operands()) {
      auto *value = dyn_cast<Instruction>(use.get());
      if (!value || !origins.isKnown(value))
        continue;
      BasicBlock *at = place(*value, phi ? phi->getIncomingBlock(use) : user.getParent());
      if (!at || at == value->getParent())
        continue;
      bool isHere = at == user.getParent() && !phi;
      use.set(copy(value, at, isHere ? &user : at->getTerminator(), isHere));
    }
  }

  /// Where a value is made for a user in `block`: there, or before the outermost loop that calls
  /// nothing; null where that has the value.
  BasicBlock *place(const Instruction &value, BasicBlock *block) {
    Loop *loop = loops.getLoopFor(block);
    for (; loop && none_of(loop->blocks(), callsFunctions); loop = loop->getParentLoop())
      block = loop->contains(&value) ? nullptr : loop->getLoopPreheader();
    return block;
  }

  Value *copy(Value *value, BasicBlock *block, Instruction *before, bool isWithin) {
    auto *instruction = dyn_cast<Instruction>(origins.original(value));
    if (!instruction)
      return value;
    if (Value *there = find(instruction, block, isWithin))
      return there;
    IRBuilder<> b(before);
    Value *made = nullptr;
    if (origins.isRoot(instruction)) {
      made = counters.load(b, instruction);
      if (!made)
        made = opaque(b, instruction);
    } else {
      SmallVector<Value *> operands;
      for (Value *operand : instruction->operands())
        operands.push_back(copy(operand, block, before, isWithin));
      Instruction *clone = instruction->clone();
      for (auto [i, operand] : enumerate(operands))
        clone->setOperand(static_cast<unsigned>(i), operand);
      made = b.Insert(clone);
    }
    origins.noteCopy(made, instruction);
    BlockCopies &own = copies[block];
    return (isWithin ? own.within : own.atEnd)[instruction] = made;
  }

  /// A copy that is there already, with no call since.
  Value *find(Instruction *value, BasicBlock *block, bool isWithin) {
    for (BasicBlock *at = block;; at = dominators.getNode(at)->getIDom()->getBlock()) {
      BlockCopies &own = copies[at];
      if (Value *found = own.within.lookup(value))
        return found;
      if (Value *found = own.atEnd.lookup(value); found && (at != block || !isWithin))
        return found;
      if (own.isCut || (at != block && callsFunctions(at)) || !followsDominator(at))
        return nullptr;
    }
  }

  /// Whether no function is called between the end of the block's dominator and its start.
  bool followsDominator(BasicBlock *block) {
    auto [place, isNew] = follows.try_emplace(block, false);
    if (!isNew)
      return place->second;
    DomTreeNode *above = dominators.getNode(block)->getIDom();
    if (!above)
      return false;
    SmallPtrSet<BasicBlock *, 16> seen{above->getBlock()};
    SmallVector<BasicBlock *> open(predecessors(block));
    bool result = true;
    while (!open.empty() && result) {
      BasicBlock *next = open.pop_back_val();
      if (!dominators.getNode(next) || !seen.insert(next).second)
        continue;
      result = !callsFunctions(next);
      append_range(open, predecessors(next));
    }
    return follows[block] = result;
  }

  /// `value`, of which no pass knows that it is.
  static Value *opaque(IRBuilder<> &b, Value *value) {
    Type *type = value->getType();
    std::string letter = letterOf(type);
    auto *ptx = InlineAsm::get(FunctionType::get(type, type, false), "", "=" + letter + ",0",
                               /*hasSideEffects=*/true);
    return b.CreateCall(ptx, value);
  }

  Function &kernel;
  DominatorTree dominators;
  LoopInfo loops;
  Origins origins;
  Counters counters;
  DenseMap<BasicBlock *, BlockCopies> copies;
  DenseMap<BasicBlock *, bool> follows;
};

} // namespace

void recomputeBetweenCalls(Function &kernel, Constant *counters) {
  Recompute(kernel, counters).run();
}

} // namespace phidias::cuda
