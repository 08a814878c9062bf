#include "targets/cuda/Machine.h"

namespace phidias::cuda {

Machine machineOf(const Capability &capability) {
  Machine machine;
  machine.lanes = 16; // a panel's rows
  machine.registers = 32;
  machine.l1 = capability.sharedBytes;
  machine.l2 = 40 << 20;
  machine.dot = machine.bf16 = true;
  machine.prefetch = 0;
  return machine;
}

Products products() {
  Product dot{"dp4a, mma.m16n8k32", true, 1};
  return {dot, dot, {"mma.m16n8k16", true, 1}, {"fma.rn.f32", true, 1}};
}

} // namespace phidias::cuda
