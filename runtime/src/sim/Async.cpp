// Vector clocks.

#include "sim/Async.h"

namespace phirt::sim {

Async::Async(Block &block)
    : copies(1), granules(block.sharedRegion.bytes / kGranule + 1), threads(block.threads.size()),
      warpgroups((block.threads.size() + 4 * kWarp - 1) / (4 * kWarp)) {
  for (size_t i = 0; i < threads.size(); ++i) {
    threads[i].knows.resize(threads.size() + kMostMbarriers);
    threads[i].knows[i] = 1; // 0: never
  }
}

static Async &asyncOf(Block &block) {
  if (!block.async)
    block.async = std::make_shared<Async>(block);
  return *block.async;
}

Async &async() { return asyncOf(*current->block); }

AsyncThread &asyncThread(const Thread &thread) {
  return asyncOf(*thread.block).threads[thread.index];
}

void join(Clock &clock, const Clock &with) {
  for (size_t i = 0; i < clock.size(); ++i)
    clock[i] = clock[i] > with[i] ? clock[i] : with[i];
}

void handOn(const Thread &thread, Clock &to) {
  Clock &knows = asyncThread(thread).knows;
  join(to, knows);
  ++knows[thread.index];
}

void joinThreads(Thread *threads, int32_t count) {
  if (!threads->block->async)
    return;
  Clock all(asyncThread(*threads).knows.size());
  for (int32_t i = 0; i < count; ++i)
    handOn(threads[i], all);
  for (int32_t i = 0; i < count; ++i)
    join(asyncThread(threads[i]).knows, all);
}

} // namespace phirt::sim
