#pragma once
/// Runs a function as a kernel of the simulator, on this CPU thread.

#include "phirt/abi/Sim.h"
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace simtest {

/// What a kernel works on. Sites are lines "kernel\tsite N\tkernel.mlir:N".
struct Kernel {
  std::function<void(const phirt::abi::ForwardArgs &)> body = {}; ///< run by every thread
  int64_t blocks = 1;
  int64_t threads = 64; ///< of a block
  int64_t sharedBytes = 1024;
  int64_t arenaBytes = 1024;
  int64_t cpuThreads = 1;
  std::vector<phirt::abi::Region> regions = {}; ///< any: a pass is a chain of launches
  int64_t tokens = 4;                           ///< of it

  /// Gives the arena afterwards.
  std::vector<int32_t> run(std::vector<int32_t> arena = {}) const;
};

int64_t thread();
int64_t lane();
/// Byte `at` of shared memory.
std::byte *shared(int64_t at = 0);
/// Checked accesses of one word.
int32_t load(const void *address, int32_t site);
void store(void *address, int32_t value, int32_t site);

} // namespace simtest
