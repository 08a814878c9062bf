// The barrier lets nobody pass before all have come, also with many more threads than cores.
#include "threads/Barrier.h"
#include "threads/Team.h"
#include <gtest/gtest.h>
#include <thread>

using namespace phirt;

namespace {

/// Every thread adds to `sum` in every round; between two barriers all must see all of it.
void meet(int threads, int rounds, bool maySpin) {
  Barrier barrier(threads, maySpin);
  std::atomic<int> sum = 0, wrong = 0;
  std::vector<std::thread> team;
  for (int t = 0; t < threads; ++t)
    team.emplace_back([&] {
      for (int round = 1; round <= rounds; ++round) {
        sum.fetch_add(1, std::memory_order_relaxed);
        barrier.arriveAndWait();
        wrong += sum.load(std::memory_order_relaxed) != round * threads;
        barrier.arriveAndWait();
      }
    });
  for (std::thread &thread : team)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Barrier, OneThreadNeverWaits) { meet(1, 1000, true); }
TEST(Barrier, TwoThreadsSpin) { meet(2, 5000, true); }
TEST(Barrier, TwoThreadsSleep) { meet(2, 2000, false); }
TEST(Barrier, ManyThreadsOnFewCores) { meet(33, 200, false); }
TEST(Barrier, ManyThreadsThatSpin) { meet(17, 100, true); }

TEST(Patience, LongWaitsShortenTheSpinAndShortOnesBringItBack) {
  Patience patience(true);
  for (int wait = 0; wait < 20; ++wait)
    patience.learn(3'000'000);
  EXPECT_EQ(patience.nanoseconds(), Patience::kLeast);
  for (int wait = 0; wait < 20; ++wait)
    patience.learn(5'000);
  EXPECT_EQ(patience.nanoseconds(), Patience::kMost);
}

TEST(Patience, WithoutACoreEachNobodyEverSpins) {
  Patience patience(false);
  patience.learn(1);
  EXPECT_EQ(patience.nanoseconds(), 0);
}

std::atomic<int> calls[5];

TEST(Team, EveryThreadRunsEveryPass) {
  auto team = Team::start(5, [](const phirt::abi::ForwardArgs *args) {
    EXPECT_EQ(args->threads, 5);
    EXPECT_EQ(args->position, 17);
    phirt_barrier(args->barrier);
    ++calls[args->thread];
  });
  ASSERT_TRUE(team);
  phirt::abi::ForwardArgs args{};
  args.position = 17;
  for (int pass = 1; pass <= 100; ++pass) {
    (*team)->run(args);
    for (auto &count : calls)
      ASSERT_EQ(count, pass);
  }
}

} // namespace
