#pragma once
/// The counters of a kernel's outermost loops, in shared memory.

#include "targets/cuda/Origins.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"

namespace phidias::cuda {

/// Uniform counters of loops that call functions: a word each, written at the start of each turn.
/// All threads of the block write the same, so it does not matter whose number a thread reads.
class Counters {
public:
  /// `memory`: kCounterBytes of shared memory. It lies behind what the pass uses and is no variable
  /// of its own: that would come first, and tiles would no longer begin where wgmma's swizzle does.
  Counters(llvm::LoopInfo &loops, const Origins &origins, llvm::Constant *memory);

  /// The counter, loaded again; null: `value` is none of them.
  llvm::Value *load(llvm::IRBuilder<> &b, llvm::Instruction *value) const;

  /// When all loads are there. At the end of each turn, where all have read the word to count on
  /// from it, the threads of the block meet: none may write the next number before that. The end of
  /// a region, where they met before, lies before that.
  void meetBetweenTurns(const llvm::LoopInfo &loops) const;

private:
  void keep(llvm::PHINode &counter);

  llvm::Constant *memory;
  llvm::MapVector<llvm::Instruction *, llvm::Constant *> words;
};

/// Whether it calls a function of this module, or one outside.
bool callsFunction(const llvm::Instruction &instruction);
bool callsFunctions(const llvm::BasicBlock *block);

} // namespace phidias::cuda
