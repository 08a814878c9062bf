#pragma once
/// What a block does asynchronously on sm_90: mbarriers, bulk copies and wgmma; and what each
/// thread knows of it.
///
/// mbarriers order some threads with some, so here time is a vector clock: the block's threads
/// have a component each, which counts what they handed on (arrivals, barriers), and so has each
/// mbarrier, of phases. Shared memory that a bulk copy wrote is checked by these; all else in
/// shared memory is ordered by barriers of the block or the warp alone.

#include "sim/Access.h"
#include <map>
#include <set>
#include <string>
#include <vector>

namespace phirt::sim {

inline constexpr int32_t kMostMbarriers = 64;        ///< of a block
inline constexpr int32_t kMostCount = (1 << 20) - 1; ///< arrivals, bytes: PTX ISA, "mbarrier"
inline constexpr int32_t kGranule = 16;              ///< bytes of which copies are made

using Clock = std::vector<uint32_t>; ///< [threads + kMostMbarriers]

struct Mbarrier {
  int32_t index = 0;
  bool valid = false;
  int32_t count = 0, pending = 0; ///< arrivals a phase; and those that this one lacks
  int32_t bytes = 0;              ///< expected, less those that came; below 0 before they are
  uint32_t phase = 0;             ///< since it was made valid
  uint32_t completed = 0;         ///< phases, ever
  Clock gathered, released;       ///< of who arrived in this phase; in those before
  std::vector<Thread *> sleepers;
  std::vector<int32_t> copies; ///< under way
};

/// A bulk copy, for as long as any of its bytes is the last that was written there.
struct BulkCopy {
  std::byte *target = nullptr;
  const std::byte *source = nullptr;
  int32_t bytes = 0, site = 0, issuer = 0;
  Mbarrier *barrier = nullptr;
  uint32_t phase = 0;   ///< Mbarrier::completed at its start
  int32_t granules = 0; ///< that no one has written since
  int32_t flights = 0;  ///< wgmmas of threads that may still read it
  Clock lastRead;       ///< [threads]
};

/// A wgmma that a warpgroup has begun.
struct Flight {
  int32_t chain = 0, site = 0, group = -1; ///< -1: not committed
  std::set<int32_t> copies;                ///< that it reads
};

/// Of one thread.
struct AsyncThread {
  Clock knows;
  bool ready = false; ///< wgmma.fence came after the last use of registers
  int32_t groups = 0; ///< committed so far
  std::vector<Flight> flights;
};

/// The meeting of four warps.
struct Warpgroup {
  int32_t arrived = 0, site = -1;
  void *operands[4 * kWarp] = {};
};

struct Async {
  explicit Async(Block &block);

  std::map<const void *, Mbarrier> barriers;
  std::vector<BulkCopy> copies;  ///< [0] is none
  std::vector<int32_t> unused;   ///< of them
  std::vector<int32_t> granules; ///< of shared memory: the copy that wrote it last, or 0
  std::vector<AsyncThread> threads;
  std::vector<Warpgroup> warpgroups;
};

/// The current block's.
Async &async();
AsyncThread &asyncThread(const Thread &thread);

/// Joins what `clock` says to what `with` does.
void join(Clock &clock, const Clock &with);
/// The thread hands on what it knows; what it does next is later.
void handOn(const Thread &thread, Clock &to);
/// Barriers of a block and a warp, where there is anything to know.
void joinThreads(Thread *threads, int32_t count);

/// A read or write of shared memory; true where all of it was checked: bulk copies wrote it.
bool checkBulk(const std::byte *address, int32_t bytes, Kind kind, int32_t site);
/// That `thread` may read what `copy` wrote.
void checkArrived(int32_t copy, const Thread &thread, const std::byte *address, int32_t site);
/// That who wrote the bytes at last, if not a copy, has made it known to the async proxy.
void checkFenced(const std::byte *address, int32_t bytes, int32_t site);
/// Whatever is under way to the barrier is there.
void deliver(Mbarrier &barrier);
/// The barrier at `address`, which must be valid.
Mbarrier &mbarrierAt(void *address, int32_t site);
/// Ends the phase where nothing is lacking. `hasWaiter`: someone looks.
void settle(Mbarrier &barrier, bool hasWaiter);
/// "the mbarrier at byte 8 of shared memory, which lacks 1 arrivals and 128 bytes".
std::string describe(const Block &block, const Mbarrier &barrier);
/// The one that the thread sleeps at.
const Mbarrier *sleepsAt(const Thread &thread);

/// The same for a warpgroup as meetWarp and releaseWarp.
bool meetWarpgroup(int32_t site, void *operand);
Warpgroup &warpgroupOf(const Thread &thread);
void releaseWarpgroup();

} // namespace phirt::sim
