// Each kind of planted error ends the program with one line that names it, the thread and the site.

#include "Kernel.h"
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;
using Body = std::function<void(const ForwardArgs &)>;

static void expectError(const Kernel &kernel, const std::string &line) {
  EXPECT_EXIT(
      {
        kernel.run();
        _exit(0);
      },
      testing::ExitedWithCode(1), "^cuda-sim: " + line);
}

static void expectError(const Body &body, const std::string &line) {
  expectError(Kernel{.body = body}, line);
}

static void expectNone(const Body &body) { Kernel{.body = body}.run(); }

/// Each thread writes its word, all but the last read the next one's.
static void exchange(bool withBarrier) {
  store(shared(4 * thread()), 1, 0);
  if (withBarrier)
    phisim_barrier(1);
  if (thread() < 63)
    load(shared(4 * (thread() + 1)), 2);
}

TEST(Errors, MissingBarrier) {
  expectNone([](const ForwardArgs &) { exchange(true); });
  expectError(
      [](const ForwardArgs &) {
        store(shared(4 * (63 - thread())), 1, 0);
        if (thread() > 0)
          load(shared(4 * (64 - thread())), 2);
      },
      "race: kernel test, block 0, thread 1, at kernel: site 2: kernel.mlir:2: read of 4 bytes at "
      "byte "
      "252 of shared memory \\(1024 bytes\\): block 0, thread 0 wrote it at kernel: site 0: "
      "kernel.mlir:0");
}

TEST(Errors, MissingBarrierBeforeAWrite) {
  auto body = [](bool withBarrier) {
    if (thread() == 0)
      store(shared(0), 1, 0);
    phisim_barrier(1);
    load(shared(0), 2);
    if (withBarrier)
      phisim_barrier(3);
    if (thread() == 0)
      store(shared(0), 2, 4);
  };
  expectNone([=](const ForwardArgs &) { body(true); });
  expectError(
      [=](const ForwardArgs &) { body(false); },
      "race: .* thread 0, at kernel: site 4: .* write of 4 bytes .* read it at kernel: site 2");
}

// Lanes of a warp need a barrier too: only bar.warp.sync orders their accesses, a shuffle does not.
TEST(Errors, LanesOfAWarpRace) {
  auto body = [](bool withBarrier) {
    if (thread() >= 32)
      return;
    if (lane() == 0)
      store(shared(0), 7, 0);
    if (withBarrier)
      phisim_warp_barrier(1);
    else
      phisim_shuffle(0, 1, 32, 0, 1);
    load(shared(0), 2);
  };
  expectNone([=](const ForwardArgs &) { body(true); });
  expectError([=](const ForwardArgs &) { body(false); },
              "race: .* read of 4 bytes .* thread 0 wrote it");
}

TEST(Errors, TwoThreadsWriteOneWord) {
  expectError([](const ForwardArgs &) { store(shared(8), 1, 5); },
              "race: .* thread 1, at kernel: site 5: .* thread 0 wrote it at kernel: site 5");
}

static void storeByte(void *address, int32_t site) {
  phisim_access(address, 1, 1, phirt::abi::kSimWrite, site);
}

TEST(Errors, BytesOfOneWordAreTheirOwn) {
  expectNone([](const ForwardArgs &) { storeByte(shared(thread()), 0); });
  expectError([](const ForwardArgs &) { storeByte(shared(thread() / 2), 0); },
              "race: .* thread 1, .* thread 0 wrote");
  // A word of which one byte was never written.
  expectError(
      [](const ForwardArgs &) {
        if (thread() < 3)
          storeByte(shared(thread()), 0);
        phisim_barrier(1);
        load(shared(0), 2);
      },
      "uninitialised: .* thread .*site 2");
}

TEST(Errors, OffByOne) {
  expectError([](const ForwardArgs &) { store(shared(4 * (thread() + 193)), 1, 3); },
              "out of bounds: kernel test, block 0, thread 63, at kernel: site 3: kernel.mlir:3: "
              "write of 4 bytes at "
              "byte 1024 of shared memory \\(1024 bytes\\)");
  expectError([](const ForwardArgs &args) { load(args.weights + 256, 4); },
              "out of bounds: .* read of 4 bytes at byte 256 of the weights \\(256 bytes\\)");
  expectError([](const ForwardArgs &args) { load(args.weights + 4 - 8, 4); },
              "out of bounds: .* at byte -4 of the weights");
  expectError([](const ForwardArgs &) { load(nullptr, 4); }, "out of bounds: ");
}

TEST(Errors, LastBytesBeyond) {
  auto body = [](const ForwardArgs &args, int64_t at) {
    phisim_access(args.weights + at, 16, 8, phirt::abi::kSimRead, 4);
  };
  expectNone([=](const ForwardArgs &args) { body(args, 240); });
  expectError([=](const ForwardArgs &args) { body(args, 248); },
              "out of bounds: .* read of 16 bytes at byte 248 of the weights");
}

TEST(Errors, WriteToWeights) {
  expectError([](const ForwardArgs &args) { store(const_cast<std::byte *>(args.weights), 1, 4); },
              "write to constant memory: .* at byte 0 of the weights");
}

TEST(Errors, Misaligned) {
  auto body = [](const ForwardArgs &args, int32_t align) {
    phisim_access(args.weights + 8, 16, align, phirt::abi::kSimRead, 6);
  };
  expectNone([=](const ForwardArgs &args) { body(args, 8); });
  expectError(
      [=](const ForwardArgs &args) { body(args, 16); },
      "misaligned: .* thread 0, at kernel: site 6: .* read of 16 bytes at byte 8 of the weights");
}

TEST(Errors, Uninitialised) {
  expectError([](const ForwardArgs &) { load(shared(4), 2); },
              "uninitialised: .* read of 4 bytes at byte 4 of shared memory");
  expectError([](const ForwardArgs &args) { load(args.arena + 8, 2); },
              "uninitialised: .* read of 4 bytes at byte 8 of the arena");
  expectNone(
      [](const ForwardArgs &args) { load(args.cache + 8, 2); }); // keeps what earlier passes wrote
}

TEST(Errors, DivergentBarrier) {
  expectError(
      [](const ForwardArgs &) {
        if (thread() < 40)
          phisim_barrier(1);
      },
      "divergent barrier: .* thread 0, at kernel: site 1: .*: thread 40 has ended");
  expectError([](const ForwardArgs &) { phisim_barrier(thread() < 40 ? 1 : 2); },
              "divergent barrier: .* thread 40, at kernel: site 2: .* other threads wait at "
              "kernel: site 1");
}

TEST(Errors, DivergentWarp) {
  expectError(
      [](const ForwardArgs &) {
        if (lane() != 7)
          phisim_shuffle(1, 1, 32, 0, 3);
      },
      "divergent warp: .* thread 0, at kernel: site 3: .*: thread 7 has ended");
  expectError(
      [](const ForwardArgs &) { phisim_shuffle(1, 1, 32, 0, lane() == 7 ? 4 : 3); },
      "divergent warp: .* thread 7, at kernel: site 4: .* other lanes wait at kernel: site 3");
  expectError(
      [](const ForwardArgs &) {
        if (lane() == 7)
          phisim_barrier(5);
        phisim_shuffle(1, 1, 32, 0, 3);
        if (lane() != 7)
          phisim_barrier(5);
      },
      "divergent warp: .* site 3: .*: thread 7 waits for its block at kernel: site 5");
}

TEST(Errors, DivergentGrid) {
  auto body = [](const ForwardArgs &args) {
    if (args.thread == 0)
      phisim_grid_barrier(args.barrier, 2);
  };
  for (int64_t cpuThreads : {1, 2})
    expectError(Kernel{.body = body, .blocks = 2, .cpuThreads = cpuThreads},
                "divergent grid barrier: .* block 0, thread 0, at kernel: site 2");
}

TEST(Errors, BlocksRaceInGlobalMemory) {
  auto body = [](bool withBarrier) {
    return [=](const ForwardArgs &args) {
      if (args.thread == 1 && thread() == 0)
        store(args.arena, 1, 0);
      if (withBarrier)
        phisim_grid_barrier(args.barrier, 1);
      if (args.thread == 2)
        load(args.arena, 2);
    };
  };
  Kernel{.body = body(true), .blocks = 3}.run();
  expectError(Kernel{.body = body(false), .blocks = 3},
              "race: .* block 2, thread 0, .* of the arena .*: block 1, thread 0 wrote it");
}

TEST(Errors, FrameLargerThanAStack) {
  auto body = [](size_t bytes) {
    return [=](const ForwardArgs &) {
      auto *frame = static_cast<volatile char *>(__builtin_alloca(thread() == 40 ? bytes : 1));
      frame[0] = 1;
      phisim_barrier(1);
      frame[0] = 2; // the frame lives across the barrier
    };
  };
  expectNone(body(100 << 10));
  expectError(body(200 << 10), "stack overflow: kernel test, block 0, thread 40");
}
