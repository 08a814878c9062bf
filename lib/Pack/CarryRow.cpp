// GGUF's blocks → panels, code by code: nothing is decoded. Blocks: DecodeElements.cpp.

#include "CarryRow.h"
#include "phidias/Support/Floats.h"
#include "llvm/Support/Endian.h"

using llvm::support::endian::read16le;

namespace phidias {

constexpr int64_t kSuperBlock = 256;

/// { f16 d; u8 q[16]; }
static void carryQ4_0(const uint8_t *block, int64_t group, const PanelRow &row) {
  row.scale(group, read16le(block));
  row.nibbles(group, block + 2);
}

/// { f16 d, m; u8 q[16]; }
static void carryQ4_1(const uint8_t *block, int64_t group, const PanelRow &row) {
  row.scale(group, read16le(block));
  row.minimum(group, read16le(block + 2));
  row.nibbles(group, block + 4);
}

/// { f16 d; i8 q[32]; }: panels hold q + 128.
static void carryQ8_0(const uint8_t *block, int64_t group, const PanelRow &row) {
  uint8_t codes[32];
  for (int64_t i = 0; i < 32; ++i)
    codes[i] = block[2 + i] ^ 0x80;
  row.scale(group, read16le(block));
  row.bytes(group, codes);
}

/// Code `i` of a Q6_K block.
static uint8_t codeQ6_K(const uint8_t *block, int64_t i) {
  int64_t half = i / 128, within = i % 128;
  int low = block[half * 64 + within % 64] >> (within / 64 * 4) & 15;
  int high = block[128 + half * 32 + within % 32] >> (within / 32 * 2) & 3;
  return static_cast<uint8_t>(low | high << 4);
}

static void carrySixBits(const uint8_t *codes, int64_t group, const PanelRow &row) {
  uint8_t nibbles[16];
  for (int64_t i = 0; i < 16; ++i)
    nibbles[i] = static_cast<uint8_t>((codes[i] & 15) | codes[16 + i] << 4);
  row.nibbles(group, nibbles);
  row.highBits(group, codes);
}

/// { u8 low[128]; u8 high[64]; i8 scale[16]; f16 d; }
static void carryQ6_K(const uint8_t *block, int64_t index, const PanelRow &row) {
  uint8_t codes[kSuperBlock];
  for (int64_t i = 0; i < kSuperBlock; ++i)
    codes[i] = codeQ6_K(block, i);
  for (int64_t g = 0; g < 8; ++g)
    carrySixBits(codes + 32 * g, 8 * index + g, row);
  for (int64_t q = 0; q < 16; ++q)
    row.scaleOfQuarter(16 * index + q, block[192 + q]);
  for (int64_t s = 0; s < 4; ++s)
    row.super(4 * index + s, fromHalf(read16le(block + 208)));
}

void carryRow(ElementType type, const uint8_t *blocks, int64_t columns, const PanelRow &row) {
  const ElementLayout &layout = layoutOf(type);
  auto carry = [&](void (*one)(const uint8_t *, int64_t, const PanelRow &)) {
    for (int64_t b = 0; b < columns / layout.blockElements; ++b)
      one(blocks + b * layout.blockBytes, b, row);
  };
  switch (type) {
  case ElementType::Q4_0:
    return carry(carryQ4_0);
  case ElementType::Q4_1:
    return carry(carryQ4_1);
  case ElementType::Q8_0:
    return carry(carryQ8_0);
  case ElementType::Q6_K:
    return carry(carryQ6_K);
  default:
    llvm_unreachable("floats are converted, not carried");
  }
}

} // namespace phidias
