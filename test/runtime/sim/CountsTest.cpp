// What is counted: sectors of global memory and conflicts of banks, against counts done by hand
// from the rules in CUDA's programming guide and tuning guides.

#include "Kernel.h"
#include "sim/Requests.h"
#include <gtest/gtest.h>

using namespace phirt::sim;
using namespace simtest;
using phirt::abi::ForwardArgs;

template <class Address> static Request requestOf(int lanes, Address address) {
  Request request;
  for (int lane = 0; lane < lanes; ++lane) {
    request.lanes |= 1u << lane;
    request.addresses[lane] = address(lane);
  }
  return request;
}

TEST(Counts, SectorsOfGlobalMemory) {
  // Side by side, 4 and 16 bytes a lane.
  EXPECT_EQ(distinctSectors(requestOf(32, [](int lane) { return 1024 + 4 * lane; }), 4), 4u);
  Request wide = requestOf(32, [](int lane) { return 1024 + 16 * lane; });
  EXPECT_EQ(distinctSectors(wide, 16), 16u);
  EXPECT_EQ(idealSectors(wide, 16), 16u);
  // Off by one word: one sector more.
  EXPECT_EQ(distinctSectors(requestOf(32, [](int lane) { return 1028 + 4 * lane; }), 4), 5u);
  // 128 bytes apart: a sector for each lane, where 4 would do.
  Request strided = requestOf(32, [](int lane) { return 1024 + 128 * lane; });
  EXPECT_EQ(distinctSectors(strided, 4), 32u);
  EXPECT_EQ(idealSectors(strided, 4), 4u);
  // All the same: one.
  Request same = requestOf(32, [](int) { return 1024; });
  EXPECT_EQ(distinctSectors(same, 4), 1u);
  EXPECT_EQ(idealSectors(same, 4), 1u);
}

static uint64_t conflictsOf(const Request &request, int32_t bytes, uint64_t expectedParts) {
  uint64_t conflicts = 0;
  EXPECT_EQ(sharedParts(request, bytes, conflicts), expectedParts);
  return conflicts;
}

TEST(Counts, BankConflicts) {
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 4 * lane; }), 4, 1), 0u);
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 8 * lane; }), 4, 1),
            1u); // stride 2: two-way
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 12 * lane; }), 4, 1),
            0u); // stride 3: none
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 128 * lane; }), 4, 1), 31u); // one bank
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 132 * lane; }), 4, 1),
            0u);                                                           // padded by a word
  EXPECT_EQ(conflictsOf(requestOf(32, [](int) { return 40; }), 4, 1), 0u); // broadcast
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return lane; }), 1, 1),
            0u); // bytes of the same words
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 8 * lane; }), 8, 2), 0u); // two halves
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 16 * lane; }), 16, 4),
            0u); // four quarters
  EXPECT_EQ(conflictsOf(requestOf(32, [](int lane) { return 128 * lane; }), 16, 4),
            28u); // each eight-fold
  EXPECT_EQ(conflictsOf(requestOf(8, [](int lane) { return 16 * lane; }), 16, 1), 0u);
}

/// Rows of 128 bytes; each lane reads 16 bytes of its own row, as ldmatrix does, swizzled or not.
static void readColumn(bool swizzled) {
  auto chunk = [&](int64_t row, int64_t column) {
    return shared(128 * row + 16 * (swizzled ? column ^ (row % 8) : column));
  };
  for (int64_t column = 0; column < 8; ++column)
    for (int32_t word = 0; word < 4; ++word)
      store(chunk(lane(), column) + 4 * word, 1, 0);
  phisim_barrier(1);
  int32_t registers[4];
  phisim_ldmatrix(chunk(lane(), 3), 4, 0, registers, 2);
}

[[noreturn]] static void printTable(bool swizzled) {
  setenv("PHISIM_COUNTS", "table", 1);
  Kernel kernel;
  kernel.threads = 32;
  kernel.sharedBytes = 4096;
  kernel.body = [=](const ForwardArgs &args) {
    if (lane() < 8)
      load(args.weights + 32 * lane(), 3);
    readColumn(swizzled);
  };
  kernel.run();
  exit(0);
}

static void expectTable(bool swizzled, const std::string &line) {
  EXPECT_EXIT(printTable(swizzled), testing::ExitedWithCode(0), line);
}

TEST(Counts, WrongSwizzleIsSeen) {
  // ldmatrix: 28 of four quarters. Stores of a word: all lanes in one bank, 31 each, 32 times.
  expectTable(false, " 36 +2833.3%(.|\n)* 28 more than +4: reads at kernel: site 2: kernel.mlir:2");
  // None; stores: four rows of the eight places, 3 each.
  expectTable(true, " 36 +266.7%");
}

TEST(Counts, TableOfAPass) {
  // 8 lanes, each a sector of its own where one would do: 256 bytes.
  expectTable(true, "4 \\(rest\\) +0.000 +0.000 +0.000 +8.000 ");
}
