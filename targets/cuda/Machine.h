#pragma once
#include "phidias/Target/Target.h"
#include "targets/cuda/Capability.h"

namespace phidias::cuda {

/// A block, as lib/Schedule sees it: its first cache is its shared memory.
Machine machineOf(const Capability &capability);
/// What a thread multiplies with.
Products products();

} // namespace phidias::cuda
