#pragma once
/// What a program must find at its start before it may run code for a processor.

#include "phidias/Target/Features.h"

namespace phidias {

/// Of the features that LLVM may use in code for the processor, those that not every x86-64 has:
/// where cpuid says so, and the register states that the system must save.
std::vector<FeatureNeed> cpuFeatureNeeds(const llvm::MCSubtargetInfo &processor);

/// Those of LLVM's features that code can be made for beside those of a processor's name.
std::vector<llvm::StringRef> cpuFeatureNames();

} // namespace phidias
