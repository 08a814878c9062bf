// dp4a: four products of bytes.

#include "sim/Counts.h"
#include "sim/Machine.h"

using namespace phirt::sim;

static int32_t byteOf(int32_t word, int32_t number, bool isSigned) {
  auto bits = static_cast<uint8_t>(static_cast<uint32_t>(word) >> (8 * number));
  return isSigned ? static_cast<int8_t>(bits) : bits;
}

int32_t phisim_dp4a(int32_t a, int32_t b, int32_t c, int32_t aSigned, int32_t bSigned) {
  countInstruction(Instruction::Dp4a);
  auto sum = static_cast<uint32_t>(c); // wraps, as PTX's does
  for (int32_t i = 0; i < 4; ++i)
    sum += static_cast<uint32_t>(byteOf(a, i, aSigned) * byteOf(b, i, bSigned));
  return static_cast<int32_t>(sum);
}
