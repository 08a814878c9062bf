#include "ToyKernel.h"
#include "../fake/FakeModel.cpp"
#include <algorithm>

extern "C" {
void phirt_barrier(void *barrier) { *static_cast<uint64_t *>(barrier) += 1; }
int64_t phirt_claim(void *) { return INT64_MAX; }
void phirt_stage(void *, int64_t) {}
}

static bool isZero(const void *memory, size_t bytes) {
  auto *byte = static_cast<const unsigned char *>(memory);
  for (size_t i = 0; i < bytes; ++i)
    if (byte[i] != 0)
      return false;
  return true;
}

/// Greedy, and none where the cache was not sound; a drawn token would be another.
static int32_t choose(const ForwardArgs &args) {
  const float *row = args.logits + (args.logitRows - 1) * kVocab;
  const float *top = std::max_element(row, row + kVocab);
  return *top > 0 && !args.choice->drawn ? static_cast<int32_t>(top - row) : 0;
}

/// Whether the numbers of blocks are right for the launch.
static bool isToldRight(const ForwardArgs &args, unsigned blocks) {
  constexpr int64_t kBlocks = 4 * 4;
  if (args.threads != blocks)
    return false;
  if (args.regionCount == phirt::abi::kAllRegions)
    return args.firstRegion == 0 && blocks == kBlocks && args.narrowBlocks == kBlocks;
  bool byOne = args.count <= 8 && args.firstRegion == 0; // a token's append
  return blocks == (byOne ? 1 : kBlocks) &&
         args.narrowBlocks == (byOne || args.regionCount > 1 ? 1 : kBlocks);
}

static bool runs(const ForwardArgs &args, int64_t region) {
  return region >= args.firstRegion && region - args.firstRegion < args.regionCount;
}

bool runToyKernel(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes) {
  ForwardArgs args = *static_cast<const ForwardArgs *>(argument);
  bool isFirst = args.firstRegion == 0;
  if (args.profile || args.scratch || args.claims || !isToldRight(args, blocks) ||
      blockThreads != 256 || sharedBytes != 50000 ||
      (isFirst && !isZero(args.barrier, phirt::abi::kDeviceBarrierBytes)))
    return false;
  args.thread = 0; // one block does all of it
  args.threads = args.pieces = 1;
  if (runs(args, 0))
    appendToCache(args), phirt_barrier(args.barrier);
  if (runs(args, 1))
    for (int64_t row = 0; row < args.logitRows; ++row)
      writeLogits(args, row, 0);
  if (runs(args, 3) && args.choice)
    args.choice->token = choose(args);
  return true;
}
