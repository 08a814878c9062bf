// mbarrier: PTX ISA, "Parallel Synchronization and Communication Instructions: mbarrier". A phase
// is over when as many arrivals as were expected have come and as many bytes as were expected are
// there.

#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Report.h"

namespace phirt::sim {
namespace {

constexpr int32_t kBytes = 8;

void check(void *barrier, Kind kind, int32_t site) {
  const Region &shared = current->block->sharedRegion;
  auto *address = static_cast<std::byte *>(barrier);
  if (static_cast<size_t>(address - shared.start) >= shared.bytes)
    report("mbarrier not in shared memory", *current, site, "");
  checkAccess(barrier, kBytes, kBytes, kind, site);
}

void complete(Mbarrier &barrier) {
  ++barrier.phase;
  ++barrier.completed;
  barrier.pending = barrier.count;
  size_t own = current->block->threads.size() + barrier.index;
  barrier.gathered[own] = barrier.completed;
  barrier.released = barrier.gathered;
  for (Thread *thread : barrier.sleepers) {
    thread->wait = Wait::None;
    thread->warp->ready |= 1u << thread->lane;
  }
  barrier.sleepers.clear();
}

void arrive(Mbarrier &barrier, int32_t count, int32_t site) {
  if (count < 1 || count > barrier.pending)
    report("mbarrier arrival", *current, site,
           std::to_string(count) + " arrivals at " + describe(*current->block, barrier));
  handOn(*current, barrier.gathered);
  barrier.pending -= count;
  settle(barrier, false);
}

} // namespace

std::string describe(const Block &block, const Mbarrier &barrier) {
  for (auto &[address, known] : block.async->barriers)
    if (&known == &barrier)
      return "the mbarrier at byte " +
             std::to_string(static_cast<const std::byte *>(address) - block.sharedRegion.start) +
             " of shared memory, which lacks " + std::to_string(barrier.pending) +
             " arrivals and " + std::to_string(barrier.bytes) + " bytes";
  return "";
}

const Mbarrier *sleepsAt(const Thread &thread) {
  for (auto &[address, barrier] : thread.block->async->barriers)
    for (const Thread *sleeper : barrier.sleepers)
      if (sleeper == &thread)
        return &barrier;
  return nullptr;
}

Mbarrier &mbarrierAt(void *address, int32_t site) {
  check(address, Kind::Read, site);
  auto found = async().barriers.find(address);
  if (found == async().barriers.end() || !found->second.valid)
    report("mbarrier not initialised", *current, site, "");
  return found->second;
}

void settle(Mbarrier &barrier, bool hasWaiter) {
  if (hasWaiter || !barrier.sleepers.empty())
    deliver(barrier);
  if (barrier.pending == 0 && barrier.bytes == 0)
    complete(barrier);
}

} // namespace phirt::sim

using namespace phirt::sim;

void phisim_mbarrier_init(void *address, int32_t count, int32_t site) {
  check(address, Kind::Write, site);
  Async &all = async();
  bool isNew = !all.barriers.contains(address);
  Mbarrier &barrier = all.barriers[address];
  if (barrier.valid)
    report("mbarrier initialised twice", *current, site, describe(*current->block, barrier));
  if (count < 1 || count > kMostCount || all.barriers.size() > kMostMbarriers)
    report("mbarrier count", *current, site, std::to_string(count) + " arrivals a phase");
  if (isNew) {
    barrier.index = static_cast<int32_t>(all.barriers.size()) - 1;
    barrier.gathered.resize(current->block->threads.size() + kMostMbarriers);
    barrier.released = barrier.gathered;
  }
  barrier.valid = true;
  barrier.count = barrier.pending = count;
  barrier.bytes = 0;
  barrier.phase = 0;
}

void phisim_mbarrier_inval(void *address, int32_t site) {
  Mbarrier &barrier = mbarrierAt(address, site);
  if (!barrier.sleepers.empty() || !barrier.copies.empty())
    report("mbarrier in use", *current, site, describe(*current->block, barrier));
  barrier.valid = false;
  check(address, Kind::Write, site);
}

void phisim_mbarrier_arrive(void *address, int32_t count, int32_t site) {
  countInstruction(Instruction::Barrier);
  arrive(mbarrierAt(address, site), count, site);
}

void phisim_mbarrier_arrive_expect_tx(void *address, int32_t bytes, int32_t site) {
  countInstruction(Instruction::Barrier);
  Mbarrier &barrier = mbarrierAt(address, site);
  barrier.bytes += bytes;
  if (bytes < 0 || barrier.bytes > kMostCount)
    report("mbarrier bytes", *current, site, describe(*current->block, barrier));
  arrive(barrier, 1, site);
}

void phisim_mbarrier_wait_parity(void *address, int32_t parity, int32_t site) {
  countInstruction(Instruction::Barrier);
  for (;;) {
    Mbarrier &barrier = mbarrierAt(address, site);
    settle(barrier, true);
    if ((barrier.phase & 1) != static_cast<uint32_t>(parity)) {
      join(asyncThread(*current).knows, barrier.released);
      return;
    }
    barrier.sleepers.push_back(current);
    current->wait = Wait::Mbarrier;
    current->site = site;
    current->warp->ready &= ~(1u << current->lane);
    giveWay();
  }
}
