#include "targets/Targets.h"
#include "targets/arm/ArmTarget.h"
#include "targets/cpu/CpuTarget.h"

namespace phidias {

TargetRegistry allTargets() {
  TargetRegistry registry;
  registry.add(cpuFamily());
  registry.add(armFamily());
  return registry;
}

} // namespace phidias
