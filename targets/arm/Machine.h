#pragma once
/// What the ARM64 target knows of a machine's vector units and caches.

#include "targets/arm/Cores.h"
#include "targets/arm/Features.h"

namespace phidias {

/// Fills in `spec.machine` and `spec.needs` from the features that LLVM knows of its processor,
/// the core's description and the bits that an SVE vector has at least (0: no SVE, or none known).
void describeArmMachine(TargetSpec &spec, const ArmCore &core, int64_t sveBits);

} // namespace phidias
