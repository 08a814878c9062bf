#pragma once
/// What the CPU target knows of a machine's vector units and caches.

#include "phidias/Target/Target.h"

namespace phidias {

/// Fills in `spec.machine` and `spec.needs` from the features that LLVM knows of its processor;
/// cache sizes are this machine's for "native", else 32 KiB and 1 MiB. Lanes are 0 where there are
/// not even the instructions that code for any machine needs.
void describeMachine(TargetSpec &spec);

} // namespace phidias
