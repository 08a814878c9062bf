// Which fiber runs: the next lane of the same warp, then the next warp, until none is ready.

#include "sim/Async.h"
#include "sim/Barriers.h"
#include "sim/Counts.h"
#include "sim/Machine.h"
#include "sim/Report.h"
#include "sim/Switch.h"
#include <algorithm>
#include <bit>

namespace phirt::sim {

thread_local constinit Thread *current = nullptr;
thread_local constinit Host *host = nullptr;

static void switchTo(Thread &next) {
  Thread *before = current;
  current = &next;
  phisim_switch(&before->stack, next.stack);
}

/// The first lane of `ready` after `lane`, around the end.
static int32_t laneAfter(uint32_t ready, int32_t lane) {
  uint32_t later = ready & ~((2u << lane) - 1);
  return std::countr_zero(later ? later : ready);
}

/// Before another fiber finds its own stack written over.
static void checkStack() {
  if (static_cast<const std::byte *>(__builtin_frame_address(0)) < current->stackLow)
    report("stack overflow", *current, current->site, "");
}

void giveWay() {
  checkStack();
  Warp &warp = *current->warp;
  if (warp.ready) {
    switchTo(warp.threads[laneAfter(warp.ready, current->lane)]);
    return;
  }
  Thread *before = current;
  current = nullptr;
  phisim_switch(&before->stack, host->stack);
}

/// Runs what is ready in a warp. True if anything was.
static bool runWarp(Warp &warp) {
  if (!warp.ready)
    return false;
  current = &warp.threads[std::countr_zero(warp.ready)];
  phisim_switch(&host->stack, current->stack);
  return true;
}

static bool runOnce() {
  bool ran = false;
  for (auto &block : host->blocks)
    for (Warp &warp : block->warps)
      while (runWarp(warp))
        ran = true;
  return ran;
}

void endThread() {
  current->wait = Wait::Ended;
  ++current->block->ended;
  current->warp->ready &= ~(1u << current->lane);
  for (;;)
    giveWay();
}

void endBlock(Block &block) {
  block.atGrid = 0;
  block.ended = static_cast<int32_t>(block.threads.size());
  for (Warp &warp : block.warps)
    warp.ready = 0;
  for (Thread &thread : block.threads)
    thread.wait = Wait::Ended;
}

static bool hasEnded(const Block &block) {
  return block.ended == static_cast<int32_t>(block.threads.size());
}

static void passGridBarrier() {
  for (auto &block : host->blocks) {
    if (hasEnded(*block))
      continue;
    block->atGrid = 0;
    joinThreads(block->threads.data(), static_cast<int32_t>(block->threads.size()));
    restamp(*block);
    for (Warp &warp : block->warps)
      warp.ready = warp.all;
    for (Thread &thread : block->threads)
      thread.wait = Wait::None;
  }
}

/// All wait, but for those of which one block was to go on.
static bool allWait() {
  return std::ranges::all_of(host->blocks, [](const auto &block) {
    return block->atGrid == static_cast<int32_t>(block->threads.size()) ||
           (host->isAlone && hasEnded(*block));
  });
}

static bool allHaveEnded() {
  return std::ranges::all_of(host->blocks, [](const auto &block) { return hasEnded(*block); });
}

/// One block goes on behind the end of a region: on a GPU the last to come, which may be any.
static void passRegionEnd() {
  if (!host->isAlone)
    for (auto &block : host->blocks)
      if (block->index != host->barriers % host->grid)
        endBlock(*block);
  host->isAlone = true;
  for (auto &block : host->blocks)
    if (!hasEnded(*block))
      noteRegion(block->left);
}

static void countMeetings() {
  if (isCounting())
    for (auto &block : host->blocks)
      for (Warp &warp : block->warps)
        countMeeting(warp);
}

/// A CPU thread without blocks meets the others until they are at the end.
static void keepCompany() {
  while (!meetGrid()) {
  }
}

void runBlocks() {
  while (!allHaveEnded()) {
    while (runOnce()) {
    }
    if (!allHaveEnded() && !allWait())
      reportStuck();
    countMeetings();
    if (allHaveEnded())
      return endGrid();
    if (meetGrid())
      reportGridApart();
    if (host->link)
      passRegionEnd();
    passGridBarrier();
  }
  keepCompany();
}

bool meetWarp(Together what, int32_t site, void *operands) {
  Warp &warp = *current->warp;
  if (warp.arrived == 0) {
    warp.what = what;
    warp.site = site;
  } else if (warp.site != site) {
    reportLanesApart(site);
  }
  uint32_t self = 1u << current->lane;
  warp.operands[current->lane] = operands;
  warp.arrived |= self;
  if (warp.arrived == warp.all)
    return true;
  warp.ready &= ~self;
  current->wait = Wait::Warp;
  current->site = site;
  giveWay();
  return false;
}

void releaseWarp(Warp &warp) {
  if (isCounting())
    countMeeting(warp);
  warp.ready = warp.all;
  warp.arrived = 0;
  for (int32_t lane = 0; lane < warp.lanes; ++lane)
    warp.threads[lane].wait = Wait::None;
}

void restamp(Warp &warp) {
  const Block &block = *warp.block;
  for (int32_t lane = 0; lane < warp.lanes; ++lane)
    warp.threads[lane].stamp = makeStamp(host->barriers + 1, block.clock, warp.clock, block.index,
                                         warp.threads[lane].index);
}

void restamp(Block &block) {
  for (Warp &warp : block.warps)
    restamp(warp);
}

} // namespace phirt::sim
