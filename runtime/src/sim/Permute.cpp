// prmt: bytes of two words in another order.

#include "sim/Counts.h"
#include "sim/Machine.h"

using phirt::abi::SimPermute;

/// The number of the byte that becomes byte `i` of the result; without a mode bit 3 says that all
/// of it is to be its sign.
static uint32_t sourceOf(SimPermute mode, uint32_t selector, uint32_t i) {
  uint32_t first = selector & 3;
  switch (mode) {
  case SimPermute::Default:
    return selector >> (4 * i) & 15;
  case SimPermute::Forward4:
    return first + i;
  case SimPermute::Backward4:
    return (first - i) & 7;
  case SimPermute::Replicate8:
    return first;
  case SimPermute::EdgeLeft:
    return i < first ? first : i;
  case SimPermute::EdgeRight:
    return i < first ? i : first;
  case SimPermute::Replicate16:
    return 2 * (first & 1) + (i & 1);
  }
  __builtin_unreachable();
}

int32_t phisim_prmt(int32_t low, int32_t high, int32_t selector, int32_t mode) {
  phirt::sim::countInstruction(phirt::sim::Instruction::Other);
  uint64_t bytes = uint64_t(static_cast<uint32_t>(high)) << 32 | static_cast<uint32_t>(low);
  uint32_t result = 0;
  for (uint32_t i = 0; i < 4; ++i) {
    uint32_t from = sourceOf(static_cast<SimPermute>(mode), static_cast<uint32_t>(selector), i);
    uint32_t byte = bytes >> (8 * (from & 7)) & 0xff;
    if (from & 8)
      byte = byte & 0x80 ? 0xff : 0;
    result |= byte << (8 * i);
  }
  return static_cast<int32_t>(result);
}
