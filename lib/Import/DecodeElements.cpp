// Elements as a checkpoint stores them → f32. Formats: gguf-py's quants.py, whose results these
// equal bit for bit.

#include "phidias/Import/Checkpoint.h"
#include "phidias/Support/Floats.h"
#include "llvm/Support/Endian.h"
#include <bit>

using namespace llvm;

namespace phidias {
namespace {

constexpr int64_t kBlock = 32;       // elements of a Q4_0, Q4_1 or Q8_0 block
constexpr int64_t kSuperBlock = 256; // elements of a Q6_K block

float readHalf(const uint8_t *at) { return fromHalf(support::endian::read16le(at)); }

void decodeF32(const uint8_t *source, int64_t count, float *target) {
  std::copy_n(source, count * 4, reinterpret_cast<uint8_t *>(target));
}

void decodeF16(const uint8_t *source, int64_t count, float *target) {
  for (int64_t i = 0; i < count; ++i)
    target[i] = readHalf(source + 2 * i);
}

void decodeBf16(const uint8_t *source, int64_t count, float *target) {
  for (int64_t i = 0; i < count; ++i)
    target[i] = std::bit_cast<float>(
        static_cast<uint32_t>(support::endian::read16le(source + 2 * i)) << 16);
}

/// Nibbles of a block: elements 0-15 are the low ones, 16-31 the high ones.
int nibble(const uint8_t *quants, int64_t i) {
  return i < 16 ? quants[i] & 15 : quants[i - 16] >> 4;
}

/// { f16 d; u8 q[16]; }: d * (q - 8)
void decodeQ4_0(const uint8_t *block, float *target) {
  float d = readHalf(block);
  for (int64_t i = 0; i < kBlock; ++i)
    target[i] = d * static_cast<float>(nibble(block + 2, i) - 8);
}

/// { f16 d, m; u8 q[16]; }: d * q + m
void decodeQ4_1(const uint8_t *block, float *target) {
  float d = readHalf(block), m = readHalf(block + 2);
  for (int64_t i = 0; i < kBlock; ++i) {
    float scaled =
        d * static_cast<float>(nibble(block + 4, i)); // two roundings, as in the reference: no FMA
    target[i] = scaled + m;
  }
}

/// { f16 d; i8 q[32]; }: d * q
void decodeQ8_0(const uint8_t *block, float *target) {
  float d = readHalf(block);
  for (int64_t i = 0; i < kBlock; ++i)
    target[i] = d * static_cast<float>(static_cast<int8_t>(block[2 + i]));
}

/// { u8 low[128]; u8 high[64]; i8 scale[16]; f16 d; }: d * scale[i / 16] * (6 bits - 32)
void decodeQ6_K(const uint8_t *block, float *target) {
  const uint8_t *low = block, *high = block + 128;
  auto *scales = reinterpret_cast<const int8_t *>(block + 192);
  float d = readHalf(block + 208);
  for (int64_t i = 0; i < kSuperBlock; ++i) {
    int64_t half = i / 128, within = i % 128;
    int lowBits = low[half * 64 + within % 64] >> (within / 64 * 4) & 15;
    int highBits = high[half * 32 + within % 32] >> (within / 32 * 2) & 3;
    target[i] =
        d * static_cast<float>(scales[i / 16]) * static_cast<float>((lowBits | highBits << 4) - 32);
  }
}

void decodeBlocks(ElementType type, const uint8_t *source, int64_t count, float *target,
                  void (*decode)(const uint8_t *, float *)) {
  const ElementLayout &layout = layoutOf(type);
  for (int64_t i = 0; i < count / layout.blockElements; ++i)
    decode(source + i * layout.blockBytes, target + i * layout.blockElements);
}

} // namespace

void decodeElements(ElementType type, const uint8_t *source, int64_t count, float *target) {
  switch (type) {
  case ElementType::F32:
    return decodeF32(source, count, target);
  case ElementType::F16:
    return decodeF16(source, count, target);
  case ElementType::BF16:
    return decodeBf16(source, count, target);
  case ElementType::Q4_0:
    return decodeBlocks(type, source, count, target, decodeQ4_0);
  case ElementType::Q4_1:
    return decodeBlocks(type, source, count, target, decodeQ4_1);
  case ElementType::Q8_0:
    return decodeBlocks(type, source, count, target, decodeQ8_0);
  case ElementType::Q6_K:
    return decodeBlocks(type, source, count, target, decodeQ6_K);
  }
}

} // namespace phidias
