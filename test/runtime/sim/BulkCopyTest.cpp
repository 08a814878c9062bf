// mbarriers and the bulk copies that they count: PTX ISA, "mbarrier" and "cp.async.bulk".

#include "Kernel.h"
#include <gtest/gtest.h>

using namespace simtest;
using phirt::abi::ForwardArgs;
using Body = std::function<void(const ForwardArgs &)>;

namespace {

constexpr int64_t kBarrier = 512, kOther = 520;

void initialise(int32_t arrivals = 1) {
  if (thread() == 0) {
    phisim_mbarrier_init(shared(kBarrier), arrivals, 0);
    phisim_mbarrier_init(shared(kOther), 64, 0);
  }
  phisim_barrier(1);
}

void expectError(const Body &body, const std::string &line) {
  EXPECT_EXIT(
      {
        Kernel{.body = body}.run();
        _exit(0);
      },
      testing::ExitedWithCode(1), "^cuda-sim: " + line);
}

/// Thread 0 copies 64 bytes of the arena to shared memory.
void copy(const ForwardArgs &args, int64_t to = 0) {
  phisim_bulk_copy(shared(to), args.arena, shared(kBarrier), 64, 2);
  phisim_mbarrier_arrive_expect_tx(shared(kBarrier), 64, 3);
}

/// The arena's first 16 words are written before, as far as the checker knows.
void own(const ForwardArgs &args) {
  if (thread() < 16)
    store(args.arena + 4 * thread(), 1000 + static_cast<int32_t>(thread()), 0);
}

} // namespace

TEST(BulkCopy, ArrivesWithItsPhase) {
  Kernel kernel;
  kernel.body = [](const ForwardArgs &args) {
    own(args);
    initialise();
    if (thread() == 0)
      copy(args);
    phisim_mbarrier_wait_parity(shared(kBarrier), 0, 4);
    store(args.arena + 256 + 4 * thread(), load(shared(4 * (thread() % 16)), 5), 6);
  };
  std::vector<int32_t> result = kernel.run();
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(result[64 + i], 1000 + i % 16);
}

// A fresh barrier's phase has parity 0; the one before it counts as over.
TEST(Mbarrier, ParityOfThePhase) {
  Kernel{.body = [](const ForwardArgs &) {
    initialise(2);
    phisim_mbarrier_wait_parity(shared(kBarrier), 1, 4);
    phisim_barrier(4); // who were a phase late would wait for the next
    if (thread() == 0)
      phisim_mbarrier_arrive(shared(kBarrier), 2, 5);
    phisim_mbarrier_wait_parity(shared(kBarrier), 0, 6);
    phisim_barrier(7);
    if (thread() == 5)
      phisim_mbarrier_arrive(shared(kBarrier), 1, 7);
    if (thread() == 6)
      phisim_mbarrier_arrive(shared(kBarrier), 1, 7);
    phisim_mbarrier_wait_parity(shared(kBarrier), 1, 8);
    phisim_barrier(9);
    if (thread() == 0)
      phisim_mbarrier_inval(shared(kBarrier), 9);
  }}.run();
}

/// A ring of one stage: copied, read by all, copied again. The last thread runs on first.
static void goRound(const ForwardArgs &args, bool waitsForCopy, bool waitsForReaders) {
  own(args);
  initialise();
  for (int turn = 0; turn < 3; ++turn) {
    bool copies = thread() == 63;
    if (copies && turn && waitsForReaders)
      phisim_mbarrier_wait_parity(shared(kOther), (turn - 1) & 1, 4);
    if (copies)
      copy(args);
    if (waitsForCopy || copies)
      phisim_mbarrier_wait_parity(shared(kBarrier), turn & 1, 5);
    load(shared(4 * (thread() % 16)), 6);
    phisim_mbarrier_arrive(shared(kOther), 1, 7);
  }
}

TEST(BulkCopy, ARing) {
  Kernel{.body = [](const ForwardArgs &args) { goRound(args, true, true); }}.run();
  expectError([](const ForwardArgs &args) { goRound(args, false, true); },
              "copy not awaited: .* at kernel: site 6.* thread 63 copies to it at kernel: site 2");
  expectError([](const ForwardArgs &args) { goRound(args, true, false); }, "mbarrier deadlock: ");
}

// Lanes that have met in a shuffle have run, but no one knows what they have done.
TEST(BulkCopy, WaitsForReaders) {
  expectError(
      [](const ForwardArgs &args) {
        own(args);
        initialise();
        if (thread() == 0)
          copy(args);
        phisim_mbarrier_wait_parity(shared(kBarrier), 0, 5);
        load(shared(4 * (thread() % 16)), 6);
        phisim_shuffle(0, 0, 32, 0, 7);
        if (thread() == 0)
          copy(args);
      },
      "race: .* thread 0, at kernel: site 2.* thread [0-9]+ read it");
}

// Who meets someone that has waited knows as much.
TEST(BulkCopy, KnownBehindABarrier) {
  for (bool withBarrier : {true, false}) {
    Body body = [=](const ForwardArgs &args) {
      own(args);
      initialise();
      if (thread() == 63) {
        copy(args);
        phisim_mbarrier_wait_parity(shared(kBarrier), 0, 4);
      }
      if (withBarrier)
        phisim_barrier(5);
      load(shared(), 6);
    };
    if (withBarrier)
      Kernel{.body = body}.run();
    else
      expectError(body, "copy not awaited: ");
  }
}

// A copy is no write that would have to be fenced.
TEST(BulkCopy, OverFencedWrites) {
  Kernel{.body = [](const ForwardArgs &args) {
    own(args);
    if (thread() == 63)
      store(shared(64), 1, 8);
    phisim_fence_async();
    initialise(2);
    if (thread() == 63)
      copy(args);
    phisim_warp_barrier(9);
    if (thread() == 62)
      copy(args, 64);
  }}.run();
}

TEST(BulkCopy, KnownBehindTheGridsBarrier) {
  Kernel{.body = [](const ForwardArgs &args) {
    own(args);
    initialise();
    if (thread() == 63) {
      copy(args);
      phisim_mbarrier_wait_parity(shared(kBarrier), 0, 4);
    }
    phisim_grid_barrier(nullptr, 5);
    load(shared(), 6);
  }}.run();
}

TEST(BulkCopy, Errors) {
  auto with = [](auto act) {
    return [=](const ForwardArgs &args) {
      own(args);
      initialise();
      if (thread() == 0)
        act(args);
    };
  };
  expectError(with([](const ForwardArgs &args) {
                phisim_bulk_copy(shared(8), args.arena, shared(kBarrier), 64, 2);
              }),
              "misaligned: ");
  expectError(with([](const ForwardArgs &args) {
                phisim_bulk_copy(shared(), args.arena, shared(kBarrier), 24, 2);
              }),
              "bulk copy size: ");
  expectError(with([](const ForwardArgs &args) {
                phisim_bulk_copy(shared(1008), args.arena, shared(kBarrier), 32, 2);
              }),
              "out of bounds: .*write of 32 bytes at byte 1008 of shared memory");
  expectError(with([](const ForwardArgs &args) {
                phisim_bulk_copy(shared(), args.weights + 240, shared(kBarrier), 32, 2);
              }),
              "out of bounds: ");
  expectError(with([](const ForwardArgs &args) {
                copy(args);
                copy(args);
              }),
              "copy not awaited: ");
  expectError(with([](const ForwardArgs &args) {
                store(shared(), 1, 9);
                copy(args);
              }),
              "proxy not fenced: .* thread 0 wrote it");
}

TEST(Mbarrier, Errors) {
  expectError(
      [](const ForwardArgs &) {
        initialise();
        phisim_mbarrier_wait_parity(shared(kBarrier), 0, 4);
      },
      "mbarrier deadlock: .* at kernel: site 4.* byte 512 of shared memory, which lacks 1 "
      "arrivals");
  expectError(
      [](const ForwardArgs &) {
        initialise();
        if (thread() < 2)
          phisim_mbarrier_arrive_expect_tx(shared(kBarrier), 64, 4);
      },
      "mbarrier arrival: .* thread 1, ");
  expectError(
      [](const ForwardArgs &) {
        initialise();
        if (thread() == 0)
          phisim_mbarrier_init(shared(kBarrier), 1, 4);
      },
      "mbarrier initialised twice: ");
  expectError([](const ForwardArgs &) { phisim_mbarrier_arrive(shared(kBarrier), 1, 4); },
              "uninitialised: ");
  expectError(
      [](const ForwardArgs &) {
        if (thread() == 63)
          phisim_mbarrier_init(shared(kBarrier), 64, 0);
        phisim_mbarrier_arrive(shared(kBarrier), 1, 4);
      },
      "(uninitialised|race|mbarrier not initialised): ");
}
