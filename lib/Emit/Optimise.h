#pragma once
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace phidias {

/// Runs LLVM's passes of this name on `module`.
llvm::Error optimise(llvm::Module &module, llvm::TargetMachine &machine, llvm::StringRef passes);

} // namespace phidias
