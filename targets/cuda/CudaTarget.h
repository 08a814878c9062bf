#pragma once
#include "phidias/Target/Registry.h"

namespace phidias {

/// NVIDIA's GPUs, by the capability that code is made for, and the simulator of one.
TargetFamily cudaFamily();

} // namespace phidias
