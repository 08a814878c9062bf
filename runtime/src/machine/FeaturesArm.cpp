#include "machine/Features.h"
#include <bit>
#include <sys/auxv.h>
#include <sys/prctl.h>

namespace phirt {
namespace {

/// Bit i is set where an SVE vector has at least 2^i bytes. The length is the system's choice and
/// may be less than the processor's.
uint64_t vectorBytes() {
  int length = prctl(PR_SVE_GET_VL);
  if (length < 0) // a processor or a system without SVE
    return 0;
  uint64_t bytes = static_cast<uint64_t>(length & PR_SVE_VL_LEN_MASK);
  return std::bit_floor(bytes) * 2 - 1;
}

} // namespace

uint64_t readFeatures(abi::FeatureWord word) {
  switch (word) {
    using enum abi::FeatureWord;
  case ArmHwcap:
    return getauxval(AT_HWCAP);
  case ArmHwcap2:
    return getauxval(AT_HWCAP2);
  case ArmVectorBytes:
    return vectorBytes();
  default: // another architecture's
    return 0;
  }
}

} // namespace phirt
