// Runs a compiled function as the kernel of a grid of one block on the simulator.

#include "phirt/abi/Sim.h"

using Function = void(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                      int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                      int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                      int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                      int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t);

static Function *function;
static const int64_t *words; ///< [40]: more than any of the functions takes

static void callFunction(const phirt::abi::ForwardArgs *) {
  const int64_t *w = words;
  function(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13],
           w[14], w[15], w[16], w[17], w[18], w[19], w[20], w[21], w[22], w[23], w[24], w[25],
           w[26], w[27], w[28], w[29], w[30], w[31], w[32], w[33], w[34], w[35], w[36], w[37],
           w[38], w[39]);
}

// The simulated blocks are all there are.
extern "C" void phirt_barrier(void *) {}
extern "C" void phirt_stage(void *, int64_t) {}

extern "C" void runBlock(Function *what, const int64_t *arguments, const char *sites) {
  function = what;
  words = arguments;
  phirt::abi::ForwardArgs args{};
  args.threads = args.pieces = 1;
  phirt::abi::SimKernel kernel{};
  kernel.name = "test";
  kernel.function = callFunction;
  kernel.sites = sites;
  kernel.blockThreads = 256;
  kernel.sharedBytes = 96 << 10;
  phisim_launch(&args, &kernel);
}
