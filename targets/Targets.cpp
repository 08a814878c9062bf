#include "targets/Targets.h"
#include "targets/arm/ArmTarget.h"
#include "targets/cpu/CpuTarget.h"
#include "targets/cuda/CudaTarget.h"

namespace phidias {

TargetRegistry allTargets() {
  TargetRegistry registry;
  registry.add(cpuFamily());
  registry.add(armFamily());
  registry.add(cudaFamily());
  return registry;
}

} // namespace phidias
