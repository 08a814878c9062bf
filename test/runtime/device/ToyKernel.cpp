#include "ToyKernel.h"
#include "../fake/FakeModel.cpp"

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

bool runToyKernel(void *argument, unsigned blocks, unsigned blockThreads, unsigned sharedBytes) {
  ForwardArgs args = *static_cast<const ForwardArgs *>(argument);
  if (args.profile || args.scratch || args.claims || blocks != 4 * 4 || blockThreads != 256 ||
      sharedBytes != 50000 || !isZero(args.barrier, phirt::abi::kDeviceBarrierBytes))
    return false;
  args.thread = 0; // one block does all of it
  args.threads = args.pieces = 1;
  forward(&args);
  return true;
}
