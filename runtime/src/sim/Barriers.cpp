#include "sim/Barriers.h"
#include "sim/Async.h"
#include "sim/Counts.h"
#include "sim/Report.h"
#include <atomic>

namespace phirt::sim {

/// The meeting of the CPU threads at which the grid's blocks had ended; 0: none yet. A number and
/// no flag: who is late to leave one meeting must not take the next one's for its own.
static std::atomic<int32_t> endsAt;

void openGrid() { endsAt = 0; }

bool meetGrid() {
  int32_t meeting = ++host->barriers;
  phirt_barrier(host->args->barrier);
  return endsAt == meeting;
}

void endGrid() {
  endsAt = host->barriers + 1;
  meetGrid();
}

static void releaseBlock(Block &block) {
  block.waiting = 0;
  joinThreads(block.threads.data(), static_cast<int32_t>(block.threads.size()));
  if (isCounting())
    for (Warp &warp : block.warps)
      countMeeting(warp);
  ++block.clock;
  restamp(block);
  for (Warp &warp : block.warps)
    warp.ready = warp.all;
  for (Thread &thread : block.threads)
    thread.wait = Wait::None;
}

static void waitFor(Wait what, int32_t site) {
  current->wait = what;
  current->site = site;
  current->warp->ready &= ~(1u << current->lane);
}

} // namespace phirt::sim

using namespace phirt::sim;

void phisim_barrier(int32_t site) {
  countInstruction(Instruction::Barrier);
  Block &block = *current->block;
  if (block.waiting == 0)
    block.site = site;
  else if (block.site != site)
    reportBarriersApart(site);
  if (++block.waiting == static_cast<int32_t>(block.threads.size()))
    return releaseBlock(block);
  waitFor(Wait::Block, site);
  giveWay();
}

void phisim_grid_barrier(void *, int32_t site) {
  ++current->block->atGrid;
  waitFor(Wait::Grid, site);
  giveWay();
}

void phisim_region_end(void *barrier, int32_t left, int32_t isWide, int32_t site) {
  if (left < 0)
    return phisim_grid_barrier(barrier, site);
  if (left == 0)
    endThread();
  if (!isWide && !host->isAlone)
    report("several blocks go on", *current, site, "one alone can be behind a narrow region");
  current->block->left = left;
  phisim_grid_barrier(barrier, site);
}

void phisim_warp_barrier(int32_t site) {
  countInstruction(Instruction::Barrier);
  if (!meetWarp(Together::Barrier, site, nullptr))
    return;
  joinThreads(current->warp->threads, current->warp->lanes);
  ++current->warp->clock;
  restamp(*current->warp);
  releaseWarp(*current->warp);
}
