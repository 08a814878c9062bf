// cp.async.bulk: bytes arrive when someone looks at the mbarrier that counts them; who has not
// waited for that phase, or met someone who has, may not read them.

#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Report.h"
#include <cstring>

namespace phirt::sim {
namespace {

std::string place(const std::byte *address) {
  return "at byte " + std::to_string(address - current->block->sharedRegion.start) +
         " of shared memory";
}

std::string madeBy(const BulkCopy &copy) {
  return ": block " + std::to_string(current->block->index) + ", thread " +
         std::to_string(copy.issuer) + " copies to it at " + describeSite(copy.site);
}

bool knowsOf(const Thread &thread, const BulkCopy &copy) {
  const Clock &knows = asyncThread(thread).knows;
  return knows[current->block->threads.size() + copy.barrier->index] > copy.phase;
}

/// That all who read what `copy` wrote are known to have done so.
void checkReaders(const BulkCopy &copy, const std::byte *address, int32_t site) {
  if (copy.flights)
    report("wgmma not awaited", *current, site,
           "write " + place(address) + ", which a wgmma still reads");
  const Clock &knows = asyncThread(*current).knows;
  for (size_t i = 0; i < copy.lastRead.size(); ++i)
    if (copy.lastRead[i] > knows[i] && static_cast<int32_t>(i) != current->index)
      report("race", *current, site,
             "write " + place(address) + ": block " + std::to_string(current->block->index) +
                 ", thread " + std::to_string(i) + " read it");
}

int32_t &granuleAt(const std::byte *address) {
  return async().granules[(address - current->block->sharedRegion.start) / kGranule];
}

/// The granule is no longer what the copy wrote.
void forget(int32_t &granule) {
  Async &all = async();
  if (--all.copies[granule].granules == 0)
    all.unused.push_back(granule);
  granule = 0;
}

void overwrite(const std::byte *address, int32_t site) {
  int32_t &granule = granuleAt(address);
  if (!granule)
    return;
  checkArrived(granule, *current, address, site);
  checkReaders(async().copies[granule], address, site);
  forget(granule);
}

void checkSource(const std::byte *source, int32_t bytes, int32_t site) {
  const Region *region = findRegion(source);
  if (!region)
    report("out of bounds", *current, site, "bulk copy from no global memory of the kernel");
  // Read in pieces of what is moved; counted as a whole.
  checkAccessUncounted(source, bytes, kGranule, Kind::Read, site);
  if (isCounting())
    countBulk(region->place, source, bytes);
}

void checkTarget(std::byte *target, int32_t bytes, int32_t site) {
  const Region &shared = current->block->sharedRegion;
  if (static_cast<size_t>(target - shared.start) >= shared.bytes)
    report("out of bounds", *current, site, "bulk copy to no shared memory");
  if (target + bytes <= shared.start + shared.bytes)
    checkFenced(target, bytes, site);
  bool unfenced = current->unfenced; // the copy is of the async proxy itself
  checkAccessUncounted(target, bytes, kGranule, Kind::Write, site);
  current->unfenced = unfenced;
}

int32_t newCopy() {
  Async &all = async();
  if (all.unused.empty()) {
    all.copies.emplace_back();
    return static_cast<int32_t>(all.copies.size()) - 1;
  }
  int32_t number = all.unused.back();
  all.unused.pop_back();
  return number;
}

} // namespace

void checkArrived(int32_t number, const Thread &thread, const std::byte *address, int32_t site) {
  const BulkCopy &copy = async().copies[number];
  if (!knowsOf(thread, copy))
    report("copy not awaited", thread, site, "access " + place(address) + madeBy(copy));
}

void checkFenced(const std::byte *address, int32_t bytes, int32_t site) {
  const Block &block = *current->block;
  for (int32_t at = 0; at < bytes; at += 4) {
    Stamp writer = granuleAt(address + at) ? 0 : block.sharedShadow.writer(address + at);
    if (!writer || !block.threads[writer & kThreadMask].unfenced)
      continue;
    report("proxy not fenced", *current, site,
           "access " + place(address + at) + ": thread " + std::to_string(writer & kThreadMask) +
               " wrote it and has not done fence.proxy.async since");
  }
}

bool checkBulk(const std::byte *address, int32_t bytes, Kind kind, int32_t site) {
  bool all = true;
  const std::byte *last = address + bytes - 1;
  auto step = [](const std::byte *at) {
    return at + kGranule - reinterpret_cast<uintptr_t>(at) % kGranule;
  };
  for (const std::byte *at = address; at <= last; at = step(at)) {
    if (kind != Kind::Read) {
      overwrite(at, site);
      all = false;
      continue;
    }
    int32_t granule = granuleAt(at);
    if (!granule) {
      all = false;
      continue;
    }
    checkArrived(granule, *current, at, site);
    async().copies[granule].lastRead[current->index] = asyncThread(*current).knows[current->index];
  }
  return all;
}

void deliver(Mbarrier &barrier) {
  for (int32_t number : barrier.copies) {
    const BulkCopy &copy = async().copies[number];
    memcpy(copy.target, copy.source, copy.bytes);
    barrier.bytes -= copy.bytes;
  }
  barrier.copies.clear();
}

} // namespace phirt::sim

using namespace phirt::sim;

void phisim_bulk_copy(void *to, const void *from, void *address, int32_t bytes, int32_t site) {
  countInstruction(Instruction::Copy);
  auto *target = static_cast<std::byte *>(to);
  auto *source = static_cast<const std::byte *>(from);
  if (bytes <= 0 || bytes % kGranule)
    report("bulk copy size", *current, site,
           std::to_string(bytes) + " bytes are no multiple of 16");
  Mbarrier &barrier = mbarrierAt(address, site);
  checkSource(source, bytes, site);
  checkTarget(target, bytes, site);
  int32_t number = newCopy();
  BulkCopy &copy = async().copies[number];
  copy = {target,
          source,
          bytes,
          site,
          current->index,
          &barrier,
          barrier.completed,
          bytes / kGranule,
          0,
          Clock(current->block->threads.size())};
  for (int32_t at = 0; at < bytes; at += kGranule)
    granuleAt(target + at) = number;
  barrier.copies.push_back(number);
  settle(barrier, false);
}

void phisim_fence_async() { current->unfenced = false; }
