#include "targets/arm/Machine.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace llvm;

namespace phidias {

/// Vectors of SVE pay where they are longer than NEON's: that has products by lane and of matrices.
static int64_t lanesOf(int64_t sveBits) { return sveBits >= 512 ? 16 : sveBits >= 256 ? 8 : 4; }

/// Whole tiles of a long pass, whose tokens are 10, 6, 4, 2 or 1 (lib/Schedule/Defaults.cpp); so
/// many that unpacking a chunk for all of them takes few of its cycles, and that their sums, 46 KB,
/// fit the first cache of most cores.
static constexpr int64_t kPassTokens = 360;

void describeArmMachine(TargetSpec &spec, const ArmCore &core, int64_t sveBits) {
  std::unique_ptr<MCSubtargetInfo> info = subtargetOf(spec);
  auto has = [&](const char *feature) { return info->checkFeatures(feature); };
  Machine &m = spec.machine;
  m.lanes = lanesOf(sveBits);
  bool neon = m.lanes == 4;
  m.registers = 32;
  m.l1 = core.l1;
  m.l2 = core.l2;
  m.dot = !neon || has("+dotprod"); // SVE has had it from the start
  // LLVM 22 cannot take one bf16 out of a fixed-length vector in SVE's registers.
  m.bf16 = neon && has("+bf16");
  m.signedCodes = !has("+i8mm");
  m.valueLanes = neon;
  m.matrix = neon && has("+i8mm");
  m.rescale = neon && has("+sve2");
  m.smallLoops = !neon;
  m.passTokens = kPassTokens;
  spec.needs = armFeatureNeeds(*info, neon ? 0 : sveBits);
}

} // namespace phidias
