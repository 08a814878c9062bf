#pragma once
/// What a program must find at its start before it may run code for a processor.

#include "phidias/Target/Target.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class MCSubtargetInfo;
} // namespace llvm

namespace phidias {

/// Of the features that LLVM may use in code for the processor, those that not every x86-64 has:
/// where cpuid says so, and the register states that the system must save.
std::vector<FeatureNeed> featureNeeds(const llvm::MCSubtargetInfo &processor);

/// Whether code can be made for a processor with this feature of LLVM's beside those of its name.
bool isKnownFeature(llvm::StringRef name);

} // namespace phidias
