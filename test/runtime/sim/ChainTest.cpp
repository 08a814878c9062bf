// A pass as a chain of launches: which blocks run a region, what they see of the one before, and
// what is not allowed.

#include "Kernel.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;
using phirt::abi::Region;
using enum phirt::abi::RegionKind;

static int32_t *word(const ForwardArgs &args, int64_t number) {
  return reinterpret_cast<int32_t *>(args.arena) + number;
}

/// Whether the launch runs region `number`; and its end.
static bool runs(const ForwardArgs &args, int64_t number) {
  return number >= args.firstRegion && number - args.firstRegion < args.regionCount;
}
static void end(const ForwardArgs &args, int64_t number, bool isWide) {
  auto left = static_cast<uint32_t>(args.firstRegion + args.regionCount - number - 1);
  phisim_region_end(args.barrier, static_cast<int32_t>(left), isWide, static_cast<int32_t>(number));
}

/// The first thread's word of the region: one more than those of the `before` blocks that took part
/// in the region before.
static void addUp(const ForwardArgs &args, int64_t number, int64_t before) {
  if (thread() != 0)
    return;
  int32_t sum = 1;
  for (int64_t block = 0; block < before; ++block)
    sum += load(word(args, 16 * (number - 1) + block), 8);
  store(word(args, 16 * number + args.thread), sum, 9);
}

/// Regions 0 to 4.
static const std::vector<Region> kRegions{
    {Narrow, 0}, {Wide, 0}, {Narrow, 0}, {Wide, 0}, {Narrow, 0}};
constexpr int64_t kBlocks = 4;

static void fiveRegions(const ForwardArgs &args) {
  for (int64_t number = 0; number < 5; ++number) {
    if (!runs(args, number))
      continue;
    bool isWide = number % 2 == 1;
    // How many take part in a narrow region, and so in the one before a wide one.
    int64_t few = args.count > 8 ? kBlocks : 1;
    ForwardArgs as = args;
    as.thread = std::min(args.thread, (isWide ? args.threads : args.narrowBlocks) - 1);
    addUp(as, number, number == 0 ? 0 : isWide ? few : kBlocks);
    end(args, number, isWide);
  }
}

static Kernel fiveRegionsOf(int64_t tokens, int64_t cpuThreads) {
  return {.body = fiveRegions,
          .blocks = kBlocks,
          .cpuThreads = cpuThreads,
          .regions = kRegions,
          .tokens = tokens};
}

/// By one block, all, one, all, one: 1; 2 each; 1 + 4 * 2; 10 each; 1 + 4 * 10.
TEST(Chain, OneBlockGoesOnBehindAWideRegion) {
  for (int64_t cpuThreads : {1, 2, 5}) {
    std::vector<int32_t> sums = fiveRegionsOf(1, cpuThreads).run();
    for (int64_t block = 0; block < kBlocks; ++block) {
      EXPECT_EQ(sums[block], block ? 0 : 1);
      EXPECT_EQ(sums[16 + block], 2);
      EXPECT_EQ(sums[32 + block], block ? 0 : 9);
      EXPECT_EQ(sums[48 + block], 10);
      EXPECT_EQ(sums[64 + block], block ? 0 : 41);
    }
  }
}

/// In a long pass all blocks share all regions: 1 each; 5; 21; 85; 341.
TEST(Chain, AllBlocksShareALongPass) {
  for (int64_t cpuThreads : {1, 3}) {
    std::vector<int32_t> sums = fiveRegionsOf(9, cpuThreads).run();
    for (int64_t block = 0; block < kBlocks; ++block)
      for (int64_t number = 0, sum = 1; number < 5; ++number, sum = 1 + 4 * sum)
        EXPECT_EQ(sums[16 * number + block], sum) << number;
  }
}

static void expectError(const Kernel &kernel, const std::string &line) {
  EXPECT_EXIT(
      {
        kernel.run();
        _exit(0);
      },
      testing::ExitedWithCode(1), "^cuda-sim: " + line);
}

static Kernel kernelOf(void (*body)(const ForwardArgs &)) {
  return {.body = body, .blocks = 3, .regions = {{Wide, 0}, {Narrow, 0}}, .tokens = 1};
}

/// Behind a region whose end is not that of a wide one.
TEST(Chain, SeveralBlocksGoOn) {
  expectError(kernelOf([](const ForwardArgs &args) { end(args, 0, false), end(args, 1, false); }),
              "several blocks go on: kernel test, block 0, thread 0, at kernel: site 0");
}

TEST(Chain, ABlockThatDoesNotArrive) {
  auto body = [](const ForwardArgs &args) {
    if (args.thread != 1)
      end(args, 0, true), end(args, 1, false);
  };
  expectError(kernelOf(body),
              "divergent grid barrier: kernel test, block 0, thread 0, at kernel: site 0");
}

/// The last block's threads are ordered behind all others', not among themselves.
TEST(Chain, ARaceBehindTheEnd) {
  auto body = [](const ForwardArgs &args) {
    end(args, 0, true);
    store(word(args, 0), 1, 1);
    end(args, 1, false);
  };
  expectError(kernelOf(body), "race: .* of the arena");
}

TEST(Chain, ARaceWithinAWideRegion) {
  auto body = [](const ForwardArgs &args) {
    if (thread() == 0)
      store(word(args, 0), 1, 1);
    end(args, 0, true);
    end(args, 1, false);
  };
  expectError(kernelOf(body),
              "race: .* block 1, thread 0, .* of the arena .*: block 0, thread 0 wrote it");
}
