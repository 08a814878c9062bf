// mma.sync: the fragments of 32 lanes as matrices, by the tables of the PTX ISA, "Matrix Fragments
// for mma.m16n8k16" and "for mma.m16n8k32".

#include "sim/Counts.h"
#include "sim/Half.h"
#include "sim/Machine.h"
#include <cstring>

namespace phirt::sim {
namespace {

using abi::SimMma;

struct Mma {
  SimMma kind;
  const int32_t *a, *b, *c;
  int32_t *d;
};

const Mma &operandOf(const Warp &warp, int32_t lane) {
  return *static_cast<const Mma *>(warp.operands[lane]);
}

/// Element `i` of a register with `bits` bits an element.
uint32_t element(int32_t word, int32_t i, int32_t bits) {
  return (static_cast<uint32_t>(word) >> (i * bits)) & ((1u << bits) - 1);
}

/// Of A, row-major: register r of lane l has row l/4 (+ 8 for odd r) and, with e elements a word,
/// columns e * (l % 4) on (+ 4 e for r >= 2).
template <class Value, class Decode>
void readA(const Warp &warp, Value (&a)[16][32], int32_t perWord, Decode decode) {
  for (int32_t lane = 0; lane < kWarp; ++lane)
    for (int32_t r = 0; r < 4; ++r)
      for (int32_t e = 0; e < perWord; ++e) {
        int32_t row = lane / 4 + (r % 2) * 8;
        int32_t column = (lane % 4) * perWord + e + (r / 2) * 4 * perWord;
        a[row][column] = decode(element(operandOf(warp, lane).a[r], e, 32 / perWord));
      }
}

/// Of B, by columns: register r of lane l has column l/4 and rows e * (l % 4) on (+ 4 e for r = 1).
template <class Value, class Decode>
void readB(const Warp &warp, Value (&b)[8][32], int32_t perWord, Decode decode) {
  for (int32_t lane = 0; lane < kWarp; ++lane)
    for (int32_t r = 0; r < 2; ++r)
      for (int32_t e = 0; e < perWord; ++e) {
        int32_t row = (lane % 4) * perWord + e + r * 4 * perWord;
        b[lane / 4][row] = decode(element(operandOf(warp, lane).b[r], e, 32 / perWord));
      }
}

/// Element i of four that lane l has of C and D: row l/4 (+ 8 for i >= 2), column 2 (l % 4) + i
/// % 2.
template <class Act> void eachResult(Act act) {
  for (int32_t lane = 0; lane < kWarp; ++lane)
    for (int32_t i = 0; i < 4; ++i)
      act(lane, i, lane / 4 + (i / 2) * 8, (lane % 4) * 2 + i % 2);
}

template <class Decode> void multiplyHalves(const Warp &warp, Decode decode) {
  float a[16][32], b[8][32];
  readA(warp, a, 2, decode);
  readB(warp, b, 2, decode);
  eachResult([&](int32_t lane, int32_t i, int32_t row, int32_t column) {
    float sum = std::bit_cast<float>(operandOf(warp, lane).c[i]);
    for (int32_t k = 0; k < 16; ++k)
      sum += a[row][k] * b[column][k];
    operandOf(warp, lane).d[i] = std::bit_cast<int32_t>(sum);
  });
}

/// C and D are two f16 a word.
void multiplyToHalves(const Warp &warp) {
  float a[16][32], b[8][32];
  readA(warp, a, 2, fromF16);
  readB(warp, b, 2, fromF16);
  eachResult([&](int32_t lane, int32_t i, int32_t row, int32_t column) {
    const Mma &own = operandOf(warp, lane);
    float sum = fromF16(element(own.c[i / 2], i % 2, 16));
    for (int32_t k = 0; k < 16; ++k)
      sum += a[row][k] * b[column][k];
    auto rounded = static_cast<_Float16>(sum);
    memcpy(reinterpret_cast<std::byte *>(&own.d[i / 2]) + 2 * (i % 2), &rounded, 2);
  });
}

// 16 bits: x86-64 multiplies and adds these in pairs.
int16_t fromS8(uint32_t bits) { return static_cast<int8_t>(bits); }
int16_t fromU8(uint32_t bits) { return static_cast<int16_t>(bits); }

void multiplyBytes(const Warp &warp, bool aSigned, bool bSigned) {
  int16_t a[16][32], b[8][32];
  readA(warp, a, 4, aSigned ? fromS8 : fromU8);
  readB(warp, b, 4, bSigned ? fromS8 : fromU8);
  eachResult([&](int32_t lane, int32_t i, int32_t row, int32_t column) {
    int32_t sum = 0;
    for (int32_t k = 0; k < 32; ++k)
      sum += a[row][k] * b[column][k];
    auto wrapped = static_cast<uint32_t>(operandOf(warp, lane).c[i]) + static_cast<uint32_t>(sum);
    operandOf(warp, lane).d[i] = static_cast<int32_t>(wrapped);
  });
}

void multiply(const Warp &warp, SimMma kind) {
  switch (kind) {
  case SimMma::F16:
    return multiplyHalves(warp, fromF16);
  case SimMma::Bf16:
    return multiplyHalves(warp, fromBf16);
  case SimMma::F16Half:
    return multiplyToHalves(warp);
  case SimMma::S8S8:
    return multiplyBytes(warp, true, true);
  case SimMma::S8U8:
    return multiplyBytes(warp, true, false);
  case SimMma::U8S8:
    return multiplyBytes(warp, false, true);
  case SimMma::U8U8:
    return multiplyBytes(warp, false, false);
  }
}

} // namespace
} // namespace phirt::sim

using namespace phirt::sim;

void phisim_mma(int32_t kind, const int32_t *a, const int32_t *b, const int32_t *c, int32_t *d,
                int32_t site) {
  countInstruction(Instruction::Mma);
  Mma own{static_cast<SimMma>(kind), a, b, c, d};
  if (!meetWarp(Together::Mma, site, &own))
    return;
  multiply(*current->warp, own.kind);
  releaseWarp(*current->warp);
}
