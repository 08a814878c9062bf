// Ops that all lanes of a warp do together: shuffles.

#include "sim/Counts.h"
#include "sim/Machine.h"

namespace phirt::sim {
namespace {

struct Shuffle {
  int32_t value, offset, width;
  abi::SimShuffle mode;
  int32_t result;
  bool valid;
};

/// The lane to read, and whether it is within the segment: PTX ISA, `shfl.sync`.
int32_t sourceOf(const Shuffle &s, int32_t lane, bool &valid) {
  int32_t first = lane & ~(s.width - 1), last = first + s.width - 1, from = lane;
  switch (s.mode) {
  case abi::SimShuffle::Xor:
    from = lane ^ s.offset;
    valid = from <= last;
    break;
  case abi::SimShuffle::Up:
    from = lane - s.offset;
    valid = from >= first;
    break;
  case abi::SimShuffle::Down:
    from = lane + s.offset;
    valid = from <= last;
    break;
  case abi::SimShuffle::Index:
    from = first | (s.offset & (s.width - 1));
    valid = (s.offset & ~31) == 0 && s.offset < s.width;
    break;
  }
  return valid ? from : lane;
}

void shuffleAll(Warp &warp) {
  for (int32_t lane = 0; lane < warp.lanes; ++lane) {
    auto &own = *static_cast<Shuffle *>(warp.operands[lane]);
    int32_t from = sourceOf(own, lane, own.valid);
    own.result = static_cast<Shuffle *>(warp.operands[from])->value;
  }
}

} // namespace
} // namespace phirt::sim

using namespace phirt::sim;

int64_t phisim_shuffle(int32_t value, int32_t offset, int32_t width, int32_t mode, int32_t site) {
  countInstruction(Instruction::Shuffle);
  Shuffle own{value, offset, width, static_cast<phirt::abi::SimShuffle>(mode), 0, false};
  if (meetWarp(Together::Shuffle, site, &own)) {
    shuffleAll(*current->warp);
    releaseWarp(*current->warp);
  }
  return static_cast<int64_t>(static_cast<uint32_t>(own.result)) |
         (static_cast<int64_t>(own.valid) << 32);
}
