#pragma once
/// What a program must find at its start before it may run code for an ARM64 processor.

#include "phidias/Target/Features.h"

namespace phidias {

/// What LLVM may use in code for the processor, as hwcaps, by the names of /proc/cpuinfo, and the
/// length of SVE's vectors where `sveBits` is more than every machine has.
std::vector<FeatureNeed> armFeatureNeeds(const llvm::MCSubtargetInfo &processor, int64_t sveBits);

/// What a user may add to a core: LLVM's features, and sve256 and sve512, which are sve with
/// vectors of at least so many bits.
std::vector<llvm::StringRef> armFeatureNames();

} // namespace phidias
