// phisim_launch: blocks with their fibers, made once and used for every launch.

#include "sim/Barriers.h"
#include "sim/Counts.h"
#include "sim/Report.h"
#include "sim/Switch.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace phirt::sim {
namespace {

constexpr size_t kStackBytes = 128 << 10; // code made in a hurry has frames of 40 KB
constexpr int64_t kBlocks = 6;
constexpr int64_t kMostBlocks = 4095; ///< Shadow.h keeps so many apart

int64_t gridSize() {
  const char *text = getenv("PHISIM_BLOCKS");
  int64_t asked = text ? strtoll(text, nullptr, 10) : kBlocks;
  return std::clamp<int64_t>(asked, 1, kMostBlocks);
}

/// What every fiber runs.
void runThread() {
  host->kernel->function(&current->block->args);
  endThread();
}

std::byte *stackTop(Block &block, int32_t thread) {
  // Tops that differ in the low bits too: otherwise all stacks share a few sets of the cache.
  return block.stacks.data() + kStackBytes * (thread + 1) - 320 * (thread % 13);
}

void makeThreads(Block &block, int64_t count) {
  block.stacks = reserveOrEnd(count * kStackBytes, "stacks");
  block.threads.resize(count);
  block.warps.resize((count + kWarp - 1) / kWarp);
  for (int32_t i = 0; i < count; ++i) {
    Thread &thread = block.threads[i];
    thread.index = i;
    thread.lane = i % kWarp;
    thread.warp = &block.warps[i / kWarp];
    thread.block = &block;
    thread.stackLow = block.stacks.data() + kStackBytes * i;
    thread.stackHigh = thread.stackLow + kStackBytes;
    if (thread.lane == 0)
      thread.warp->threads = &thread;
    thread.warp->block = &block;
    thread.warp->all |= 1u << thread.lane;
    ++thread.warp->lanes;
  }
}

std::unique_ptr<Block> makeBlock(int32_t index) {
  auto block = std::make_unique<Block>();
  block->host = host;
  block->index = index;
  block->shared = reserveOrEnd(std::max<int64_t>(host->kernel->sharedBytes, 1), "shared memory");
  block->sharedRegion = {block->shared.data(),
                         static_cast<size_t>(host->kernel->sharedBytes),
                         Place::Shared,
                         true,
                         true,
                         &block->sharedShadow};
  makeThreads(*block, host->kernel->blockThreads);
  return block;
}

/// Whether the blocks of the last launch can be used again.
bool areBlocksFor(const abi::SimKernel &kernel) {
  return host->grid == gridSize() && host->blockThreads == kernel.blockThreads &&
         host->sharedBytes == kernel.sharedBytes;
}

void makeBlocks() {
  host->grid = static_cast<int32_t>(gridSize());
  host->blockThreads = host->kernel->blockThreads;
  host->sharedBytes = host->kernel->sharedBytes;
  host->blocks.clear();
  for (int64_t index = host->args->thread; index < host->grid; index += host->args->threads)
    host->blocks.push_back(makeBlock(static_cast<int32_t>(index)));
}

void setArguments(Block &block) {
  block.args = *host->args;
  if (host->link)
    host->link->tell(block.args, host->grid);
  else
    tellWhole(block.args, host->grid);
  block.args.thread = block.index;
  block.args.pieces = block.args.threads;
  block.args.claims = nullptr;
  block.args.profile = &block; // not null: stages are told
}

void start(Block &block) {
  setArguments(block);
  block.waiting = block.atGrid = block.ended = 0;
  for (Warp &warp : block.warps) {
    warp.ready = warp.all;
    warp.arrived = 0;
  }
  for (Thread &thread : block.threads) {
    thread.wait = Wait::None;
    thread.stack = makeStack(stackTop(block, thread.index), runThread);
    thread.copies.clear();
    thread.groups = 0;
    thread.unfenced = false;
  }
  block.clock = 0;
  block.async.reset();
  restamp(block);
  block.sharedShadow.cover(block.shared.data(), host->kernel->sharedBytes);
  if (block.index >= block.args.threads) // of a launch with one block
    endBlock(block);
}

/// Whether a pass is a chain of launches.
bool isChain() {
  const char *text = getenv("PHISIM_LAUNCH");
  if (!text || strcmp(text, "persistent") == 0)
    return false;
  if (strcmp(text, "chain") != 0)
    endWith("cuda-sim: PHISIM_LAUNCH: expected persistent or chain, got '" + std::string(text) +
            "'\n");
  if (host->kernel->regionCount == 0)
    endWith("cuda-sim: PHISIM_LAUNCH=chain: the kernel has no regions\n");
  return true;
}

void launch() {
  for (auto &block : host->blocks)
    start(*block);
  phirt_barrier(host->args->barrier);
  joinCounts();
  runBlocks();
}

void runWhole() {
  host->link.reset();
  if (host->args->thread == 0)
    countLaunch(0);
  launch();
}

void runChain() {
  std::span regions(host->kernel->regions, host->kernel->regionCount);
  for (const Link &link : planChain(regions, host->args->count, host->args->choice)) {
    host->link = link;
    host->isAlone = link.byOne;
    if (host->args->thread == 0)
      countLaunch(regions[link.first].stage);
    launch();
    if (host->args->thread == 0)
      noteRegion(0);
  }
  phirt_barrier(host->args->barrier);
}

} // namespace
} // namespace phirt::sim

using namespace phirt::sim;

void phisim_launch(const phirt::abi::ForwardArgs *args, const phirt::abi::SimKernel *kernel) {
  if (!host)
    host = new Host; // for good: CPU threads end with the program
  host->args = args;
  host->kernel = kernel;
  host->barriers = 0;
  if (!areBlocksFor(*kernel))
    makeBlocks();
  if (args->thread == 0) {
    openGrid();
    openMemory(*args, *kernel);
    openCounts();
  }
  if (isChain())
    runChain();
  else
    runWhole();
  closeCounts();
}

void phisim_stage(void *, int64_t stage) {
  if (current->index != 0 || host->link) // noteRegion() tells of a chain's
    return;
  countStage(stage);
  if (host->args->profile)
    phirt_stage(host->args->profile, stage);
}
