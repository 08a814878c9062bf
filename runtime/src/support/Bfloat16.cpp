// What LLVM calls to round f32 to bf16 where the machine has no instruction for it; libgcc has it
// from 13 on only. For aarch64 LLVM never calls it.
#include <bit>
#include <cstdint>

/// To the nearest, ties to even; a NaN stays one.
extern "C" __attribute__((weak)) __bf16 __truncsfbf2(float value) {
  auto bits = std::bit_cast<uint32_t>(value);
  bool isNan = (bits & 0x7fffffff) > 0x7f800000;
  uint32_t rounded = isNan ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1);
  return std::bit_cast<__bf16>(static_cast<uint16_t>(rounded >> 16));
}
