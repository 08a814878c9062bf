#include "sim/MatrixDescriptor.h"

namespace phirt::sim {

static int64_t field(int64_t bits, int first, int count) {
  return static_cast<int64_t>(static_cast<uint64_t>(bits) >> first) & ((int64_t(1) << count) - 1);
}

MatrixDescriptor readDescriptor(int64_t bits, bool transposed, const std::byte *sharedStart,
                                const char *&problem) {
  constexpr int32_t kWidths[] = {1, 8, 4, 2};
  constexpr int64_t kAddresses = 1 << 18;
  MatrixDescriptor d;
  // Shared memory has fewer bytes than an address has values.
  d.start = (field(bits, 0, 14) * 16 - reinterpret_cast<int64_t>(sharedStart)) & (kAddresses - 1);
  d.leading = field(bits, 16, 14) * 16;
  d.stride = field(bits, 32, 14) * 16;
  d.width = kWidths[field(bits, 62, 2)];
  d.transposed = transposed;
  problem = nullptr;
  if (field(bits, 49, 3) || (d.width > 1 && (d.start >> 7) % d.width))
    problem = "the matrix does not start where its swizzle does";
  return d;
}

int64_t MatrixDescriptor::unit(int32_t unit, int32_t row) const {
  int32_t inside = row % 8, outside = row / 8;
  if (width == 1)
    return start + 16 * inside +
           (transposed ? unit * stride + outside * leading : outside * stride + unit * leading);
  int64_t at = start + 16 * width * inside + outside * stride + 16 * (unit % width);
  if (transposed)
    at += unit / width * leading;
  else
    at += unit / width * 16 * width; // beyond: not of any shape that there is
  return at ^ ((at >> 3) & (16 * (width - 1)));
}

} // namespace phirt::sim
