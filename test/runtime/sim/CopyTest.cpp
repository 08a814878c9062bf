// ldmatrix, cp.async and prefetches as the PTX ISA has them.

#include "Kernel.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;

/// Element (row, column) of matrix m.
static uint16_t elementAt(int m, int row, int column) {
  return static_cast<uint16_t>(1000 * m + 10 * row + column);
}

/// Four matrices whose rows lie in shared memory in an order of their own.
static int64_t rowPlace(int m, int row) { return 16 * ((8 * m + row) * 5 % 32); }

static std::vector<int32_t> loadMatrices(int32_t count, bool transposed) {
  Kernel kernel{.threads = 32, .arenaBytes = 32 * 16};
  kernel.body = [=](const ForwardArgs &args) {
    int m = static_cast<int>(lane()) / 8, row = static_cast<int>(lane()) % 8;
    std::byte *place = shared(rowPlace(m, row));
    for (int column = 0; column < 8; column += 2)
      store(place + 2 * column, elementAt(m, row, column) | elementAt(m, row, column + 1) << 16, 0);
    phisim_barrier(1);
    int32_t words[4] = {-1, -1, -1, -1};
    // Lanes beyond 8 * count give an address that must not matter.
    void *address = lane() < 8 * count ? place : nullptr;
    phisim_ldmatrix(address, count, transposed, words, 2);
    memcpy(args.arena + 16 * lane(), words, sizeof words);
  };
  return kernel.run();
}

TEST(Ldmatrix, EachLaneTwoElementsOfARow) {
  for (int32_t count : {1, 2, 4})
    for (bool transposed : {false, true}) {
      std::vector<int32_t> result = loadMatrices(count, transposed);
      for (int lane = 0; lane < 32; ++lane)
        for (int m = 0; m < 4; ++m) {
          int row = lane / 4, column = lane % 4 * 2;
          int32_t expected = transposed
                                 ? elementAt(m, column, row) | elementAt(m, column + 1, row) << 16
                                 : elementAt(m, row, column) | elementAt(m, row, column + 1) << 16;
          EXPECT_EQ(result[4 * lane + m], m < count ? expected : -1);
        }
    }
}

/// Copies words of the arena, waits so that `left` groups may be under way, and reads group 0's.
static void copyGroups(const ForwardArgs &args, int32_t left) {
  for (int32_t group = 0; group < 2; ++group) {
    phisim_cp_async(shared(1024 * group + 16 * thread()), args.weights + 16 * (thread() % 8), 16,
                    16, 0);
    phisim_cp_async_commit();
  }
  phisim_cp_async_wait(left);
  load(shared(16 * thread()), 1);
}

TEST(CpAsync, WaitsForTheOlderGroups) {
  Kernel kernel{.sharedBytes = 2048};
  for (int32_t left : {0, 1}) {
    kernel.body = [=](const ForwardArgs &args) { copyGroups(args, left); };
    kernel.run();
  }
  kernel.body = [](const ForwardArgs &args) { copyGroups(args, 2); };
  EXPECT_EXIT(
      {
        kernel.run();
        _exit(0);
      },
      testing::ExitedWithCode(1),
      "^cuda-sim: copy not awaited: .* thread 0, at kernel: site 1: .*: block 0, thread 0 copies "
      "to it "
      "at kernel: site 0");
}

TEST(CpAsync, OthersSeeItBehindABarrier) {
  auto body = [](bool withBarrier) {
    return [=](const ForwardArgs &args) {
      if (thread() == 0) {
        phisim_cp_async(shared(), args.weights, 16, 16, 0);
        phisim_cp_async_commit();
        phisim_cp_async_wait(0);
      }
      if (withBarrier)
        phisim_barrier(1);
      load(shared(), 2);
    };
  };
  Kernel{.body = body(true)}.run();
  EXPECT_EXIT(
      {
        Kernel{.body = body(false)}.run();
        _exit(0);
      },
      testing::ExitedWithCode(1), "^cuda-sim: race: .* thread 1, ");
}

TEST(CpAsync, FillsWithZeros) {
  Kernel kernel{.threads = 32};
  kernel.body = [](const ForwardArgs &args) {
    if (thread() < 2)
      store(args.arena + 4 * thread(), 0x01020304, 0);
    phisim_barrier(1);
    if (thread() == 0) {
      phisim_cp_async(shared(), args.arena, 8, 4, 2);
      phisim_cp_async_commit();
      phisim_cp_async_wait(0);
      store(args.arena + 8, load(shared(), 3), 4);
      store(args.arena + 12, load(shared(4), 3), 4);
    }
  };
  std::vector<int32_t> result = kernel.run();
  EXPECT_EQ(result[2], 0x01020304);
  EXPECT_EQ(result[3], 0);
}

TEST(Prefetch, OfGlobalMemoryAlone) {
  auto body = [](bool ofShared) {
    return [=](const ForwardArgs &args) { phisim_prefetch(ofShared ? shared() : args.arena, 0); };
  };
  Kernel{.body = body(false)}.run();
  EXPECT_EXIT(
      {
        Kernel{.body = body(true)}.run();
        _exit(0);
      },
      testing::ExitedWithCode(1),
      "^cuda-sim: out of bounds: .*: prefetch from no global memory of the kernel");
}
