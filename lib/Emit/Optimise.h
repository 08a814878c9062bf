#pragma once
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace phidias {

/// What machine code wants of LLVM's optimiser, for code that MLIR has made vectors of.
void optimise(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace phidias
