// Runs phi_forward of a kernel once: 256 bytes of weights and as many of logits, one token. Prints
// the logits.

#include "phirt/abi.h"
#include "threads/Team.h"
#include <cstdio>

using namespace phirt::abi;

static phirt::abi::Model model() {
  Model model{};
  model.weightsBytes = sizeof(WeightsHeader) + 256;
  model.vocab = 64;
  return model;
}
extern "C" {
extern const Model phirt_model = model();
void phi_forward(const ForwardArgs *args);
}

int main() {
  // Apart: who misses one must not hit another.
  alignas(64) static std::byte memory[16384];
  ForwardArgs args{};
  args.weights = memory;
  args.arena = memory + 4096;
  args.logits = reinterpret_cast<float *>(memory + 8192);
  args.tokens = reinterpret_cast<int32_t *>(memory + 12288);
  args.count = args.logitRows = 1;
  for (int i = 0; i < 64; ++i)
    reinterpret_cast<float *>(memory)[i] = static_cast<float>(i);
  (*phirt::Team::start(1, phi_forward))->run(args);
  for (int i = 0; i < 64; ++i)
    printf("%g%c", args.logits[i], i < 63 ? ' ' : '\n');
}
