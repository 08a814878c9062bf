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

bool runToyKernel(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes) {
  ForwardArgs args = *static_cast<const ForwardArgs *>(argument);
  if (args.profile || args.scratch || args.claims || blocks != 4 * 4 || blockThreads != 256 ||
      sharedBytes != 50000 || !isZero(args.barrier, phirt::abi::kDeviceBarrierBytes))
    return false;
  args.thread = 0; // one block does all of it
  args.threads = args.pieces = 1;
  forward(&args);
  if (args.choice)
    args.choice->token = choose(args);
  return true;
}
