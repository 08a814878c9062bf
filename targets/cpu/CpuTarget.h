#pragma once
/// x86-64 processors.

#include "phidias/Target/Target.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// "native", "x86-64-v2", "x86-64-v3", "x86-64-v4" or any x86-64 processor that LLVM knows by name.
llvm::Expected<TargetSpec> cpuTarget(llvm::StringRef name);

} // namespace phidias
