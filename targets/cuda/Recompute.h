#pragma once
/// What a kernel knows of itself, made again where it is used.

#include "llvm/IR/Function.h"

namespace phidias::cuda {

/// The kernel calls one function after the other, each of which would have all registers: what
/// lives from one to the next is spilt. So numbers that follow from arguments, from who the thread
/// is and from the counter of an outermost loop are computed anew by each block of code that uses
/// them, of a loop inside before it. After LLVM's passes, which have it the other way.
/// Counters go to `counters`, kCounterBytes of shared memory.
void recomputeBetweenCalls(llvm::Function &kernel, llvm::Constant *counters);

} // namespace phidias::cuda
