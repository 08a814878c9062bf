#pragma once
/// x86-64 processors.

#include "phidias/Target/Registry.h"

namespace phidias {

/// The machines that `name` stands for, the best first; code for each goes into one program:
///   native                       this machine
///   x86-64                       every level from x86-64-v3 on that our code gains from
///   x86-64-v2, znver4, ...       any x86-64 processor that LLVM knows by name
///   x86-64-v3+avxvnni, ...       with features that it does not have by its name
llvm::Expected<std::vector<TargetSpec>> cpuTargets(llvm::StringRef name);

/// All names of the above; "native" where Phidias itself runs on x86-64.
TargetFamily cpuFamily();

} // namespace phidias
