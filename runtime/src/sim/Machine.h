#pragma once
/// The simulated machine: a grid of blocks, of warps, of CUDA threads, each a fiber of the CPU
/// thread that its block belongs to. A fiber runs until it waits for others; nothing is preempted.

#include "device/Chain.h"
#include "phirt/abi/Sim.h"
#include "sim/Memory.h"
#include "sim/Requests.h"
#include "sim/Shadow.h"
#include "support/Mapping.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace phirt::sim {

inline constexpr int32_t kWarp = 32;

enum class Wait : uint8_t { None, Warp, Warpgroup, Mbarrier, Block, Grid, Ended };

/// A copy to shared memory under way.
struct AsyncCopy {
  std::byte *target;
  const std::byte *source;
  int32_t bytes, from;
  int32_t group; ///< number of the group that it belongs to
  int32_t site;
};

struct Warp;
struct Block;
struct Host;
struct Async;

struct Thread {
  void *stack = nullptr; ///< where it goes on
  Warp *warp = nullptr;
  Block *block = nullptr;
  int32_t index = 0; ///< in its block
  int32_t lane = 0;
  Wait wait = Wait::None;
  int32_t site = -1;     ///< where it waits
  Stamp stamp = 0;       ///< who and when, for the shadow
  bool unfenced = false; ///< wrote shared memory since its last fence.proxy.async
  int32_t groups = 0;    ///< of asynchronous copies, committed so far
  std::vector<AsyncCopy> copies;
  const std::byte *stackLow = nullptr, *stackHigh = nullptr;
};

/// What the lanes of a warp do together: the last to come does it for all.
enum class Together : int32_t { Shuffle, Mma, Ldmatrix, Barrier };

struct Warp {
  Block *block = nullptr;
  Thread *threads = nullptr; ///< [lanes]
  int32_t lanes = 0;
  uint32_t all = 0;     ///< a bit for each lane
  uint32_t ready = 0;   ///< lanes that can go on
  uint32_t arrived = 0; ///< lanes that wait for the others
  uint32_t clock = 0;   ///< barriers of the warp
  Together what = Together::Barrier;
  int32_t site = -1;
  void *operands[kWarp] = {}; ///< of each lane that arrived
  std::vector<SiteLog> logs;  ///< of accesses, where they are counted: two a site, reads and writes
  std::vector<int32_t> touched; ///< those with requests
};

struct Block {
  Host *host = nullptr;
  int32_t index = 0;
  int32_t waiting = 0; ///< threads at the block's barrier
  int32_t site = -1;   ///< of the first of them
  int32_t atGrid = 0;  ///< threads at the grid's barrier
  int32_t left = -1;   ///< regions that the launch runs behind the one that ends; below 0: all meet
  int32_t ended = 0;
  uint32_t clock = 0;      ///< barriers of the block
  abi::ForwardArgs args{}; ///< what its threads are called with
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  Mapping shared, stacks;
  Region sharedRegion;
  Shadow sharedShadow;
  std::shared_ptr<Async> async; ///< null until the launch first does what is in Async.h
};

/// One CPU thread of the team, with its blocks.
struct Host {
  void *stack = nullptr; ///< of the scheduler
  const abi::SimKernel *kernel = nullptr;
  const abi::ForwardArgs *args = nullptr; ///< the team's own
  std::optional<Link> link;               ///< the launch at hand, of a chain; none: all meet
  bool isAlone = false; ///< one block of the launch goes on, the others have ended
  int32_t grid = 0;     ///< blocks in all
  int64_t blockThreads = 0, sharedBytes = 0; ///< of each block
  int32_t barriers = 0; ///< of the grid, passed in this pass; of a chain, ends of regions
  std::vector<std::unique_ptr<Block>> blocks;
};

/// The thread that runs on this CPU thread.
extern thread_local constinit Thread *current;
extern thread_local constinit Host *host;

/// The end of `current`, which never comes back.
[[noreturn]] void endThread();
/// The same of a block's threads, none of which runs.
void endBlock(Block &block);
/// Leaves the CPU to others until `current` is ready again.
void giveWay();
/// Runs all blocks of `host` to their end.
void runBlocks();
/// The region of a chain that ends with so many left in its launch.
inline const abi::Region &regionBefore(int64_t left) {
  return host->kernel->regions[host->link->first + host->link->count - 1 - left];
}
/// Makes `current` wait at `site` for the rest of its warp, with `operands`. True for the last of
/// them, which then acts on all operands and calls release().
bool meetWarp(Together what, int32_t site, void *operands);
void releaseWarp(Warp &warp);

/// All threads of a warp or block, or of the grid, have met: what they did before is ordered.
void restamp(Warp &warp);
void restamp(Block &block);

} // namespace phirt::sim
