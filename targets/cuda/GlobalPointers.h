#pragma once
#include "mlir/IR/BuiltinOps.h"

namespace phidias::cuda {

/// Says in the types of `module`, in the LLVM dialect, that what the kernel loads pointers from
/// (ForwardArgs) and what functions are given points to global memory: LLVM cannot know, and an
/// access that may be to any memory is slower. Takes back a cast of what is loaded or given as soon
/// as it is: it is then in one place of each function, from where LLVM finds all uses.
void makePointersGlobal(mlir::ModuleOp module);

} // namespace phidias::cuda
