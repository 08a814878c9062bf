#pragma once
/// All targets.

#include "phidias/Target/Registry.h"

namespace phidias {

TargetRegistry allTargets();

} // namespace phidias
