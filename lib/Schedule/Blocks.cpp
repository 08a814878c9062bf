#include "Blocks.h"
#include "dialects/phi/Panel.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using llvm::formatv;

namespace phidias::schedule {

static constexpr int64_t kStreams = 1, kSharePanels = 1, kTilePanels = 4, kMostTokens = 256;
/// On an H100's 132 blocks 12.6 MB: as much as its memory gives in the 4 us of two barriers and
/// what stands between them, and a quarter of its second cache.
static constexpr int64_t kAheadKib = 96;
/// Two blocks' worth of what an H100's memory gives within its latency, where there is room.
static constexpr int64_t kRingKib = 48, kLeastRingKib = 8;
/// Sums that are finished together and a few tokens' activations, beside the ring.
static constexpr int64_t kBesideRingKib = 48;
/// What a thread of int4's tiles of 256 tokens takes beside its sums, the most of all formats
/// (ptxas 13.0: 242 registers).
static constexpr int64_t kBesideSums = 178;

phi::ScheduleAttr defaultForBlocks(phi::MachineAttr machine) {
  return phi::ScheduleAttr::get(machine.getContext(), kStreams, kAheadKib, kMostTokens,
                                kSharePanels, phi::kStepColumns, kRingKib);
}

static std::string problemOfTile(phi::ScheduleAttr schedule, phi::MachineAttr machine) {
  int64_t tokens = schedule.getTokens();
  if (schedule.getChunk() != phi::kStepColumns || schedule.getStreams() != kStreams)
    return formatv("on a GPU streams are {0} and chunk is {1}", kStreams,
                   int64_t(phi::kStepColumns));
  if (tokens < 64 || !llvm::isPowerOf2_64(static_cast<uint64_t>(tokens)))
    return formatv("on a GPU tokens are 64, 128 or 256, got {0}", tokens);
  int64_t sums = tokens * kTilePanels * phi::kPanelRows / machine.getThreads();
  if (sums + kBesideSums > machine.getRegisters())
    return formatv(
        "tokens = {0} needs {1} registers of a thread for sums and {2} more, the machine "
        "has {3}",
        tokens, sums, kBesideSums, machine.getRegisters());
  return "";
}

std::string problemOfBlocks(phi::ScheduleAttr schedule, phi::MachineAttr machine) {
  if (std::string problem = problemOfTile(schedule, machine); !problem.empty())
    return problem;
  int64_t ring = schedule.getFewPrefetch();
  if (ring < kLeastRingKib)
    return formatv("on a GPU few_prefetch is at least {0} KiB, got {1}", kLeastRingKib, ring);
  if (int64_t bytes = (ring + kBesideRingKib) << 10; bytes > machine.getL1())
    return formatv(
        "few_prefetch = {0} KiB and {1} beside it are {2} bytes of shared memory, a block "
        "has {3}",
        ring, kBesideRingKib, bytes, machine.getL1());
  return "";
}

} // namespace phidias::schedule
