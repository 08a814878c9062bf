// Threads, barriers and shuffles of the simulator do what CUDA's do.

#include "Kernel.h"
#include <array>
#include <gtest/gtest.h>
#include <utility>

using namespace simtest;
using phirt::abi::ForwardArgs;
using phirt::abi::SimPermute;
using phirt::abi::SimShuffle;

static int32_t *arenaWord(const ForwardArgs &args, int64_t word) {
  return reinterpret_cast<int32_t *>(args.arena) + word;
}

/// Each block reverses its own numbers through shared memory.
static void reverse(const ForwardArgs &args) {
  int64_t size = phisim_block_dim(0), all = args.thread * size;
  store(shared(4 * thread()), static_cast<int32_t>(1000 * args.thread + thread()), 0);
  phisim_barrier(1);
  store(arenaWord(args, all + thread()), load(shared(4 * (size - 1 - thread())), 2), 3);
}

TEST(Run, BlocksReverseTheirNumbers) {
  for (int64_t cpuThreads : {1, 2, 5}) {
    Kernel kernel{.body = reverse,
                  .blocks = 3,
                  .threads = 96,
                  .arenaBytes = 3 * 96 * 4,
                  .cpuThreads = cpuThreads};
    std::vector<int32_t> result = kernel.run();
    for (int32_t block = 0; block < 3; ++block)
      for (int32_t i = 0; i < 96; ++i)
        ASSERT_EQ(result[block * 96 + i], 1000 * block + 95 - i);
  }
}

/// Every block reads, behind the grid's barrier, what the next one wrote before it.
static void passAround(const ForwardArgs &args) {
  for (int32_t round = 0; round < 3; ++round) {
    if (thread() == 0)
      store(arenaWord(args, args.thread), static_cast<int32_t>(10 * round + args.thread), 0);
    phisim_grid_barrier(args.barrier, 1);
    int32_t next = load(arenaWord(args, (args.thread + 1) % args.threads), 2);
    if (thread() == 0)
      store(arenaWord(args, 16 + 4 * args.thread + round), next, 3);
    phisim_grid_barrier(args.barrier, 4);
  }
}

TEST(Run, GridMeets) {
  for (int64_t cpuThreads : {1, 2, 6}) {
    Kernel kernel{.body = passAround, .blocks = 4, .cpuThreads = cpuThreads};
    std::vector<int32_t> result = kernel.run();
    for (int32_t block = 0; block < 4; ++block)
      for (int32_t round = 0; round < 3; ++round)
        ASSERT_EQ(result[16 + 4 * block + round], 10 * round + (block + 1) % 4);
  }
}

/// What lane i gets, and whether it is valid, as 100 * value + valid.
static std::vector<int32_t> shuffled(SimShuffle mode, int32_t offset, int32_t width) {
  Kernel kernel{.threads = 32};
  kernel.body = [=](const ForwardArgs &args) {
    int64_t both =
        phisim_shuffle(static_cast<int32_t>(lane()), offset, width, static_cast<int32_t>(mode), 0);
    store(arenaWord(args, lane()),
          static_cast<int32_t>(both) * 100 + static_cast<int32_t>(both >> 32), 1);
  };
  std::vector<int32_t> result = kernel.run();
  result.resize(32);
  return result;
}

// The PTX ISA's rules of shfl.sync: a source outside the segment leaves the lane its own value.
TEST(Run, ShuffleXor) {
  std::vector<int32_t> result = shuffled(SimShuffle::Xor, 5, 32);
  for (int32_t i = 0; i < 32; ++i)
    EXPECT_EQ(result[i], (i ^ 5) * 100 + 1);
}

TEST(Run, ShuffleDownWithinSegments) {
  std::vector<int32_t> result = shuffled(SimShuffle::Down, 3, 8);
  for (int32_t i = 0; i < 32; ++i)
    EXPECT_EQ(result[i], i % 8 < 5 ? (i + 3) * 100 + 1 : i * 100);
}

TEST(Run, ShuffleUpWithinSegments) {
  std::vector<int32_t> result = shuffled(SimShuffle::Up, 2, 16);
  for (int32_t i = 0; i < 32; ++i)
    EXPECT_EQ(result[i], i % 16 >= 2 ? (i - 2) * 100 + 1 : i * 100);
}

TEST(Run, ShuffleIndexIsTheSegmentsLane) {
  std::vector<int32_t> result = shuffled(SimShuffle::Index, 3, 8);
  for (int32_t i = 0; i < 32; ++i)
    EXPECT_EQ(result[i], (i / 8 * 8 + 3) * 100 + 1);
}

TEST(Run, Dp4aOfEverySign) {
  // 0x80 is -128 or 128, 0xff is -1 or 255.
  int32_t a = static_cast<int32_t>(0x80ff7f01), b = static_cast<int32_t>(0xff800203);
  EXPECT_EQ(phisim_dp4a(a, b, 10, 1, 1), 10 + 1 * 3 + 127 * 2 + -1 * -128 + -128 * -1);
  EXPECT_EQ(phisim_dp4a(a, b, 10, 0, 1), 10 + 1 * 3 + 127 * 2 + 255 * -128 + 128 * -1);
  EXPECT_EQ(phisim_dp4a(a, b, 10, 1, 0), 10 + 1 * 3 + 127 * 2 + -1 * 128 + -128 * 255);
  EXPECT_EQ(phisim_dp4a(a, b, 10, 0, 0), 10 + 1 * 3 + 127 * 2 + 255 * 128 + 128 * 255);
}

/// Byte i of the operands is 0x10 * i + i, so that a result reads as the numbers of its bytes.
static uint32_t permuted(SimPermute mode, uint32_t selector) {
  return static_cast<uint32_t>(phisim_prmt(0x33221100, 0x77665544, static_cast<int32_t>(selector),
                                           static_cast<int32_t>(mode)));
}

// The PTX ISA's tables of prmt.b32.
TEST(Run, PermuteByNibbles) {
  EXPECT_EQ(permuted(SimPermute::Default, 0x3210), 0x33221100u);
  EXPECT_EQ(permuted(SimPermute::Default, 0x0567), 0x00556677u);
  EXPECT_EQ(permuted(SimPermute::Default, 0xffff4444), 0x44444444u); // the upper half is ignored
  // Bit 3 of a nibble: the byte's sign, eight times.
  int32_t low = 0x7f80'01ff, high = static_cast<int32_t>(0x8000'fe7fu);
  EXPECT_EQ(phisim_prmt(low, high, 0x89ab, 0), static_cast<int32_t>(0xff00ff00u));
  EXPECT_EQ(phisim_prmt(low, high, 0xcdef, 0), 0x00ff00ff);
  EXPECT_EQ(phisim_prmt(low, high, 0x7f5b, 0), static_cast<int32_t>(0x80fffe00u));
}

TEST(Run, PermuteByMode) {
  const std::pair<SimPermute, std::array<uint32_t, 4>> tables[] = {
      {SimPermute::Forward4, {0x33221100, 0x44332211, 0x55443322, 0x66554433}},
      {SimPermute::Backward4, {0x55667700, 0x66770011, 0x77001122, 0x00112233}},
      {SimPermute::Replicate8, {0x00000000, 0x11111111, 0x22222222, 0x33333333}},
      {SimPermute::EdgeLeft, {0x33221100, 0x33221111, 0x33222222, 0x33333333}},
      {SimPermute::EdgeRight, {0x00000000, 0x11111100, 0x22221100, 0x33221100}},
      {SimPermute::Replicate16, {0x11001100, 0x33223322, 0x11001100, 0x33223322}},
  };
  for (const auto &[mode, results] : tables)
    for (uint32_t selector = 0; selector < 4; ++selector)
      EXPECT_EQ(permuted(mode, 0xfffffffc | selector), results[selector])
          << static_cast<int>(mode) << " " << selector;
}
