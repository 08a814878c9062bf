#pragma once
/// What a kernel's values follow from.

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

namespace phidias::cuda {

/// The letter of PTX's constraint for a register of this type; null: there is none.
const char *letterOf(llvm::Type *type);

/// Which values can be made again from what takes no registers.
class Origins {
public:
  Origins(llvm::Function &kernel, llvm::LoopInfo &loops) : kernel(kernel), loops(loops) {}

  /// An argument of the kernel, who the thread is, or the counter of an outermost loop.
  bool isRoot(llvm::Instruction *value) const;
  /// Whether the value follows from these.
  bool isKnown(llvm::Value *value);

  /// Whether all threads of a block have the same value, as far as arithmetic on arguments and the
  /// block's number says; of a loop's counter also.
  bool isUniform(const llvm::Value *value) const;

  /// What a copy is of; else the value itself.
  llvm::Value *original(llvm::Value *value) const;
  void noteCopy(llvm::Value *copy, llvm::Value *of) { originals[copy] = of; }

private:
  llvm::Function &kernel;
  llvm::LoopInfo &loops;
  llvm::DenseMap<llvm::Instruction *, bool> known;
  llvm::DenseMap<llvm::Value *, llvm::Value *> originals;
};

/// Where LLVM computes the same on each way to a block, and joins it there: computes it there
/// alone.
void computeAfterJoins(llvm::Function &kernel, const llvm::DominatorTree &dominators);

} // namespace phidias::cuda
