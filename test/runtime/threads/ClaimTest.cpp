// Claimed pieces: each to one thread, region after region, and fewer to a slow thread.
#include "threads/Cores.h"
#include "threads/Team.h"
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

using namespace phirt;
using phirt::abi::ForwardArgs;

namespace {

constexpr int64_t kThreads = 4, kPieces = kThreads * kPiecesPerThread, kRegions = 400, kFew = 20;

/// How often a piece was taken, and by whom last.
struct Piece {
  std::atomic<int64_t> times, taker;
};
Piece taken[kRegions][kPieces];
std::atomic<int64_t> early;
std::atomic<bool> oneIsSlow;

void forgetAll() {
  early = 0;
  for (auto &region : taken)
    for (Piece &piece : region) {
      piece.times = 0;
      piece.taker = -1;
    }
}

/// As compiled code goes over a region.
void takePieces(const ForwardArgs &args, int64_t region) {
  for (int64_t piece = args.thread; piece < args.pieces; piece = phirt_claim(args.claims)) {
    taken[region][piece].times.fetch_add(1, std::memory_order_relaxed);
    taken[region][piece].taker.store(args.thread, std::memory_order_relaxed);
    if (oneIsSlow && args.thread == 1)
      usleep(2000);
  }
}

/// Behind the barrier every piece of the region is done.
void lookForGaps(const ForwardArgs &args, int64_t region) {
  for (int64_t piece = 0; piece < args.pieces; ++piece)
    early += taken[region][piece].times.load(std::memory_order_relaxed) != 1;
}

void manyRegions(const ForwardArgs *args) {
  for (int64_t region = 0; region < args->count; ++region) {
    takePieces(*args, region);
    phirt_barrier(args->barrier);
    if (region % args->threads == args->thread)
      lookForGaps(*args, region);
  }
}

void run(int64_t threads, Sharing sharing, int64_t regions, bool slow = false) {
  auto team = Team::start(threads, manyRegions, sharing);
  ASSERT_TRUE(team);
  oneIsSlow = slow;
  ForwardArgs args{};
  args.count = regions;
  for (int pass = 0; pass < 2; ++pass) {
    forgetAll();
    (*team)->run(args);
    ASSERT_EQ(early, 0) << "pass " << pass;
  }
}

/// Pieces that a thread had in the first `regions`.
int64_t piecesOf(int64_t thread, int64_t regions) {
  int64_t count = 0;
  for (int64_t region = 0; region < regions; ++region)
    for (Piece &piece : taken[region])
      count += piece.taker == thread;
  return count;
}

TEST(Claim, EveryPieceOnceRegionAfterRegion) {
  run(kThreads, Sharing::Claim, kRegions);
  for (auto &region : taken)
    for (int64_t piece = 0; piece < kPieces; ++piece) {
      ASSERT_EQ(region[piece].times, 1);
      if (piece < kThreads) // the first is not asked for
        ASSERT_EQ(region[piece].taker, piece);
    }
}

/// Each number once: 3 + 4 + ... of all claims of three threads.
TEST(Claim, UnderContention) {
  constexpr int64_t kClaims = 6'000'000;
  Barrier barrier(3, true);
  std::atomic<int64_t> sum = 0;
  std::vector<std::thread> team;
  for (int t = 0; t < 3; ++t)
    team.emplace_back([&] {
      barrier.arriveAndWait(); // so that they begin together
      int64_t own = 0;
      for (int64_t i = 0; i < kClaims; ++i)
        own += barrier.claim();
      sum += own;
    });
  for (std::thread &thread : team)
    thread.join();
  EXPECT_EQ(sum, 3 * kClaims * (3 * kClaims - 1) / 2 + 3 * 3 * kClaims);
}

TEST(Claim, ASlowThreadGetsFewer) {
  run(kThreads, Sharing::Claim, kFew, true);
  EXPECT_GE(piecesOf(1, kFew), kFew);
  EXPECT_LT(piecesOf(1, kFew), kFew * kPiecesPerThread / 2);
  EXPECT_EQ(piecesOf(0, kFew) + piecesOf(1, kFew) + piecesOf(2, kFew) + piecesOf(3, kFew),
            kFew * kPieces);
}

TEST(Claim, EvenIsOnePieceAThread) {
  run(kThreads, Sharing::Even, kFew, true);
  for (int64_t thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(piecesOf(thread, kFew), kFew);
    EXPECT_EQ(taken[kFew - 1][thread].taker, thread);
  }
}

TEST(Claim, PiecesAreClaimedWhereCoresDiffer) {
  static std::atomic<int64_t> pieces;
  static std::atomic<bool> claims;
  auto look = [](const ForwardArgs *args) {
    pieces = args->pieces;
    claims = args->claims != nullptr;
  };
  auto lookAt = [&](int64_t threads, Sharing sharing) {
    (*Team::start(threads, look, sharing))->run({});
  };
  lookAt(2, Sharing::Auto);
  EXPECT_EQ(claims, coresDiffer());
  EXPECT_EQ(pieces, coresDiffer() ? 2 * kPiecesPerThread : 2);
  lookAt(1, Sharing::Auto); // nobody to share with
  EXPECT_FALSE(claims);
  EXPECT_EQ(pieces, 1);
  lookAt(3, Sharing::Claim);
  EXPECT_TRUE(claims);
  EXPECT_EQ(pieces, 3 * kPiecesPerThread);
}

} // namespace
