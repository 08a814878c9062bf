// A core's own caches and vector lengths as Arm's technical reference manuals (TRM) have them;
// where a manual leaves a size to the maker, the machine that is named. Compared with public pages:
// BCM2712 (threedots.ovh), Neoverse N1 and Graviton2 (WikiChip), A64FX (Arm's introduction to it).
// The others are from memory of the manuals: schedules take half of a cache at most. Ports are as
// LLVM's models have them.

#include "targets/arm/Cores.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/TargetParser/AArch64TargetParser.h"

using namespace llvm;

namespace phidias {

static constexpr int64_t kKiB = 1 << 10, kMiB = 1 << 20;

static constexpr ArmCore kCores[] = {
    // TRM 100095: L1 data 32 KiB; L2 512 KiB to 4 MiB for up to four cores. Raspberry Pi 4
    // (BCM2711): 1 MiB for its four. Two ports of 128-bit vectors, one of which multiplies
    // integers; one load.
    {"cortex-a72", 32 * kKiB, kMiB / 4},
    // TRM 100798: L1 data 64 KiB; L2 128 to 512 KiB of its own. Raspberry Pi 5 (BCM2712): 512 KiB.
    // Two vector ports, both with sdot; two loads.
    {"cortex-a76", 64 * kKiB, kMiB / 2},
    // TRM 102484: L1 data 64 KiB; L2 512 KiB, 1 or 2 MiB. Dimensity 9300: 1 MiB. Four vector
    // ports of 128 bits, three loads.
    {"cortex-x4", 64 * kKiB, kMiB, 128},
    // TRM 100616: L1 data 64 KiB; L2 256 KiB to 1 MiB. Graviton2 and Altra: 1 MiB. Two
    // vector ports, both with sdot; two loads.
    {"neoverse-n1", 64 * kKiB, kMiB},
    // TRM 102099: L1 data 64 KiB; L2 512 KiB or 1 MiB. Two vector ports, both with sdot and smmla;
    // two loads of 128 bits, or three (SWOG PJDOC-466751330-18256: L01, V01).
    {"neoverse-n2", 64 * kKiB, kMiB, 128},
    // TRM 102375: L1 data 64 KiB; L2 1 or 2 MiB. Grace: 1 MiB. Four vector ports, all with sdot and
    // smmla; three loads.
    {"neoverse-v2", 64 * kKiB, kMiB, 128},
    {"grace", 64 * kKiB, kMiB, 128},
    // Apple publishes none of it: sysctl hw.perflevel0 says L1 data 128 KiB, L2 12 MiB for four
    // performance cores. Four vector ports, three loads (D. Johnson's measurements of Firestorm).
    {"apple-m1", 128 * kKiB, 3 * kMiB},
    // TRM 101427: L1 data 64 KiB; L2 512 KiB or 1 MiB; Graviton3: 1 MiB. SVE has 256 bits, on two
    // of the four ports that NEON has: twice as many multiply-adds are in its smmla as in SVE's
    // sdot (llvm-mca), so that code by this name is NEON's.
    {"neoverse-v1", 64 * kKiB, kMiB, 128},
    // A64FX microarchitecture manual: L1 64 KiB, L2 8 MiB for 12 cores. SVE of 512 bits, no sdot of
    // NEON's.
    {"a64fx", 64 * kKiB, 640 * kKiB, 512},
};

const ArmCore *describedCore(StringRef name) {
  StringRef own = AArch64::resolveCPUAlias(name);
  for (const ArmCore &core : kCores)
    if (AArch64::resolveCPUAlias(core.name) == own)
      return &core;
  return nullptr;
}

// Cortex-A53 and A55: L1 data from 8 KiB, 32 KiB in all machines at hand to read of; L2 from 64 KiB
// for a core (TRM 100442), or a part of what a cluster shares.
ArmCore carefulCore() { return {"generic", 32 * kKiB, kMiB / 8}; }

std::vector<StringRef> armCoreNames() {
  std::vector<StringRef> names{"generic"};
  for (const ArmCore &core : kCores)
    names.push_back(core.name);
  SmallVector<StringRef> all;
  AArch64::fillValidCPUArchList(all);
  for (StringRef name : all)
    if (!is_contained(names, name))
      names.push_back(name);
  return names;
}

} // namespace phidias
