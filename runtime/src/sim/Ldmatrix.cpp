// ldmatrix: 8 by 8 matrices of 16-bit elements from shared memory, by the PTX ISA.

#include "sim/Access.h"
#include "sim/Counts.h"
#include <cstring>

namespace phirt::sim {
namespace {

constexpr int32_t kRowBytes = 16;

struct Ldmatrix {
  const std::byte *row;
  int32_t count;
  bool transposed;
  int32_t *result;
};

const Ldmatrix &operandOf(const Warp &warp, int32_t lane) {
  return *static_cast<const Ldmatrix *>(warp.operands[lane]);
}

uint32_t elementOf(const Warp &warp, int32_t matrix, int32_t row, int32_t column) {
  uint16_t value;
  memcpy(&value, operandOf(warp, 8 * matrix + row).row + 2 * column, sizeof value);
  return value;
}

/// Lane l receives row l/4, columns 2 (l % 4) and the next; of the transposed matrix, where asked.
int32_t wordFor(const Warp &warp, int32_t matrix, int32_t lane, bool transposed) {
  int32_t row = lane / 4, column = (lane % 4) * 2;
  uint32_t low =
      transposed ? elementOf(warp, matrix, column, row) : elementOf(warp, matrix, row, column);
  uint32_t high = transposed ? elementOf(warp, matrix, column + 1, row)
                             : elementOf(warp, matrix, row, column + 1);
  return static_cast<int32_t>(low | (high << 16));
}

} // namespace
} // namespace phirt::sim

using namespace phirt::sim;

void phisim_ldmatrix(const void *row, int32_t count, int32_t transposed, int32_t *result,
                     int32_t site) {
  countInstruction(Instruction::Ldmatrix);
  // Only the first 8 * count lanes' addresses are read.
  if (current->lane < 8 * count)
    checkAccess(row, kRowBytes, kRowBytes, Kind::Read, site);
  Ldmatrix own{static_cast<const std::byte *>(row), count, transposed != 0, result};
  if (!meetWarp(Together::Ldmatrix, site, &own))
    return;
  Warp &warp = *current->warp;
  for (int32_t lane = 0; lane < warp.lanes; ++lane)
    for (int32_t matrix = 0; matrix < own.count; ++matrix)
      operandOf(warp, lane).result[matrix] = wordFor(warp, matrix, lane, own.transposed);
  releaseWarp(warp);
}
