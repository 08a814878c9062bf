#include "targets/cuda/Machine.h"
#include "targets/cuda/Block.h"

namespace phidias::cuda {

/// Tiles of a pass must be many times the blocks, a hundred and more.
static constexpr int64_t kPassTokens = 2048;

/// Of the best card: a block each.
static int64_t multiprocessors(const Capability &capability) {
  switch (capability.number) {
  case 80:
    return 108; // A100
  case 86:
    return 84; // RTX 3090
  case 89:
    return 128; // RTX 4090
  default:
    return 132; // H100, H200
  }
}

Machine machineOf(const Capability &capability) {
  Machine machine;
  machine.lanes = 16;      // a panel's rows
  machine.registers = 255; // PTX ISA: of a thread
  machine.threads = kBlockThreads;
  machine.l1 = capability.sharedBytes;
  machine.l2 = 40 << 20;
  machine.dot = machine.bf16 = true;
  machine.attentionItems = multiprocessors(capability);
  machine.passTokens = kPassTokens;
  machine.wideRows = true;
  return machine;
}

Products products() {
  Product dot{"mma.m16n8k32, mma.m16n8k16", true, 1}; // few tokens; long passes, widened to f16
  Product half{"fma.rn.f32, mma.m16n8k16", true, 1};  // long passes: an activation is two f16
  return {dot, dot, {"mma.m16n8k16", true, 1}, {"fma.rn.f32", true, 1}, half};
}

} // namespace phidias::cuda
