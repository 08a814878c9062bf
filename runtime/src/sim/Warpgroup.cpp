// Four warps side by side, the first a multiple of four, do something together.

#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Report.h"

namespace phirt::sim {

Warpgroup &warpgroupOf(const Thread &thread) {
  return async().warpgroups[thread.index / (4 * kWarp)];
}

bool meetWarpgroup(int32_t site, void *operand) {
  constexpr int32_t kThreads = 4 * kWarp;
  if (current->block->threads.size() % kThreads)
    report("divergent warpgroup", *current, site, "the block has no whole warpgroups");
  Warpgroup &group = warpgroupOf(*current);
  if (group.arrived && group.site != site)
    report("divergent warpgroup", *current, site,
           "others of it wait at " + describeSite(group.site));
  group.site = site;
  group.operands[current->index % kThreads] = operand;
  if (++group.arrived == kThreads)
    return true;
  current->wait = Wait::Warpgroup;
  current->site = site;
  current->warp->ready &= ~(1u << current->lane);
  giveWay();
  return false;
}

void releaseWarpgroup() {
  Block &block = *current->block;
  warpgroupOf(*current).arrived = 0;
  int32_t first = current->warp->threads->index / (4 * kWarp) * 4;
  for (Warp *warp = &block.warps[first]; warp != &block.warps[first] + 4; ++warp) {
    if (isCounting())
      countMeeting(*warp);
    warp->ready = warp->all;
    for (int32_t lane = 0; lane < warp->lanes; ++lane)
      warp->threads[lane].wait = Wait::None;
  }
}

} // namespace phirt::sim
