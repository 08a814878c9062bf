// Counting while a kernel runs: by meetings of the grid; they become stages once these are known.

#include "sim/Counts.h"
#include "sim/Machine.h"
#include "sim/Totals.h"
#include <algorithm>

namespace phirt::sim {
namespace {

/// Of one CPU thread.
struct Counter {
  std::vector<Counts> epochs;    ///< between meetings of the grid
  std::vector<SiteCounts> sites; ///< two a site, reads and writes
};
thread_local constinit Counter *own = nullptr;

Counts &here() {
  size_t epoch = host->barriers;
  if (own->epochs.size() <= epoch)
    own->epochs.resize(epoch + 1);
  return own->epochs[epoch];
}

SiteCounts &atSite(int32_t log) {
  if (own->sites.size() <= static_cast<size_t>(log))
    own->sites.resize(log + 1);
  return own->sites[log];
}

void finish(const SiteLog &log, const Request &request, SiteCounts &site) {
  Counts &counts = here();
  if (log.place == Place::Shared) {
    uint64_t conflicts = 0, parts = sharedParts(request, log.bytes, conflicts);
    counts.sharedRequests += parts;
    counts.conflicts += conflicts;
    site.ideal += parts;
    site.extra += conflicts;
    return;
  }
  uint64_t sectors = distinctSectors(request, log.bytes);
  uint64_t ideal = idealSectors(request, log.bytes);
  counts.sectors[static_cast<size_t>(log.place)] += sectors;
  counts.idealSectors += ideal;
  site.ideal += ideal;
  site.extra += sectors - ideal;
}

SiteLog &logOf(Warp &warp, int32_t number) {
  if (warp.logs.size() <= static_cast<size_t>(number))
    warp.logs.resize(number + 1);
  SiteLog &log = warp.logs[number];
  if (log.requests.empty())
    warp.touched.push_back(number);
  return log;
}

void note(SiteLog &log, int32_t number, const std::byte *address) {
  uint32_t k = log.next[current->lane]++;
  if (k == log.requests.size())
    log.requests.emplace_back();
  Request &request = log.requests[k];
  request.addresses[current->lane] = reinterpret_cast<uint64_t>(address);
  request.lanes |= 1u << current->lane;
  if (request.lanes != current->warp->all)
    return;
  finish(log, request, atSite(number));
  request.lanes = 0;
}

} // namespace

void addInstructions(Instruction what, uint64_t times) {
  here().instructions[static_cast<size_t>(what)] += times;
}

void countAccess(Place place, const std::byte *address, int32_t bytes, int32_t align, bool isWrite,
                 int32_t site) {
  int32_t number = 2 * site + isWrite;
  SiteLog &log = logOf(*current->warp, number);
  log.place = place;
  log.bytes = align;
  for (int32_t at = 0; at < bytes; at += align)
    note(log, number, address + at);
}

void countBulk(Place place, const std::byte *address, int64_t bytes) {
  auto first = reinterpret_cast<uint64_t>(address) / 32;
  uint64_t last = (reinterpret_cast<uint64_t>(address) + bytes - 1) / 32;
  here().sectors[static_cast<size_t>(place)] += last - first + 1;
  here().idealSectors += (bytes + 31) / 32;
}

void countMeeting(Warp &warp) {
  for (int32_t number : warp.touched) {
    SiteLog &log = warp.logs[number];
    for (const Request &request : log.requests)
      if (request.lanes)
        finish(log, request, atSite(number));
    log.requests.clear();
    std::ranges::fill(log.next, 0);
  }
  warp.touched.clear();
}

void countStage(int64_t stage, bool isBarrier) {
  if (isCounting())
    noteStage(stage, host->barriers, isBarrier);
}

void countLaunch(int64_t stage) {
  if (isCounting())
    noteLaunch(stage);
}

void noteRegion(int64_t left) {
  const abi::Region &region = regionBefore(left),
                    *end = host->kernel->regions + host->kernel->regionCount;
  countStage(region.stage, /*isBarrier=*/false);
  bool endsStage = &region + 1 == end || region.stage != (&region)[1].stage;
  if (endsStage && host->args->profile)
    phirt_stage(host->args->profile, region.stage);
}

void openCounts() { openTotals(host->args->count, *host->kernel); }

void joinCounts() {
  if (isCounting() && !own)
    own = new Counter;
}

void closeCounts() {
  if (!own)
    return;
  addTotals(own->epochs, own->sites);
  own->epochs.clear();
  own->sites.clear();
}

} // namespace phirt::sim

void phisim_others(int32_t count) {
  phirt::sim::countInstruction(phirt::sim::Instruction::Other, count);
}
