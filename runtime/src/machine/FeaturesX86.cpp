// Each architecture has a file of its own: FeaturesArm.cpp.
#include "machine/Features.h"
#include <cpuid.h>

namespace phirt {
namespace {

struct Registers {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// All zero where the processor does not know the leaf.
Registers cpuid(unsigned leaf, unsigned subleaf) {
  Registers r;
  if (!__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx))
    return {};
  return r;
}

/// XCR0: registers that the system saves for a program. Without them, an instruction that the
/// processor has ends the program all the same.
uint64_t enabledStates() {
  if (!(cpuid(1, 0).ecx & bit_OSXSAVE))
    return 0;
  unsigned low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

} // namespace

uint64_t readFeatures(abi::FeatureWord word) {
  switch (word) {
    using enum abi::FeatureWord;
  case X86Leaf1Ecx:
    return cpuid(1, 0).ecx;
  case X86Leaf7Ebx:
    return cpuid(7, 0).ebx;
  case X86Leaf7Ecx:
    return cpuid(7, 0).ecx;
  case X86Leaf7Edx:
    return cpuid(7, 0).edx;
  case X86Leaf7Sub1Eax:
    return cpuid(7, 1).eax;
  case X86Leaf7Sub1Edx:
    return cpuid(7, 1).edx;
  case X86Extended1Ecx:
    return cpuid(0x80000001, 0).ecx;
  case X86EnabledStates:
    return enabledStates();
  case ArmHwcap:
  case ArmHwcap2:
  case ArmVectorBytes:
  case Count_:
    break;
  }
  return 0;
}

} // namespace phirt
