// A sequence computes what its cache lacks and no more, and anew where LongRoPE's boundary (64
// here) is crossed. The toy model (fake/FakeModel.cpp) answers t + 1 under the short factors, t + 2
// under the long ones, and 0 on a wrong cache.
#include "model/Sequence.h"
#include "../fake/FakeWeights.h"
#include "generate/Answer.h"
#include "support/Interrupt.h"
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/resource.h>

using namespace phirt;

namespace {

std::string writeWeights() { return writeFakeWeights("sequence-test.weights"); }

std::vector<int32_t> count(int32_t first, int64_t length) {
  std::vector<int32_t> ids(length);
  std::iota(ids.begin(), ids.end(), first);
  return ids;
}

struct SequenceTest : testing::Test {
  Result<Engine> engine = Engine::open(phirt_model, {writeWeights(), 0, 100});
  void SetUp() override { ASSERT_TRUE(engine) << engine.error().message; }

  static int64_t next(Result<const float *> logits) {
    if (!logits)
      return -1;
    const float *top = std::max_element(*logits, *logits + 100);
    return *top == 9 ? top - *logits : 0;
  }
};

TEST_F(SequenceTest, KeepsTheSharedPrefix) {
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(10, 40))), 50);
  EXPECT_EQ(sequence.reused(), 0);
  std::vector<int32_t> other = count(10, 50);
  other[30] = 1;
  EXPECT_EQ(next(sequence.become(other)), 60);
  EXPECT_EQ(sequence.reused(), 30);
  EXPECT_EQ(next(sequence.append(70)), 71);
}

TEST_F(SequenceTest, TheSameAgainComputesTheLastToken) {
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(10, 20))), 30);
  EXPECT_EQ(next(sequence.become(count(10, 20))), 30);
  EXPECT_EQ(sequence.reused(), 19);
  EXPECT_EQ(next(sequence.become(count(10, 5))), 15);
  EXPECT_EQ(sequence.reused(), 4);
}

TEST_F(SequenceTest, ALongPromptIsLongThroughout) {
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(0, 64))), 64);
  EXPECT_EQ(next(sequence.become(count(0, 65))), 66);
  EXPECT_EQ(sequence.reused(), 0);
}

TEST_F(SequenceTest, CrossingTheBoundaryRecomputesBothWays) {
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(0, 63))), 63);
  EXPECT_EQ(next(sequence.append(63)), 64);
  EXPECT_EQ(next(sequence.append(64)), 66);
  EXPECT_EQ(next(sequence.append(65)), 67);
  EXPECT_EQ(next(sequence.become(count(0, 10))), 10);
  EXPECT_EQ(sequence.reused(), 0);
}

TEST_F(SequenceTest, ScanGivesEveryRow) {
  Sequence sequence(*engine);
  int64_t seen = 0;
  Status status = sequence.scan(count(3, 37), [&](const float *logits, int64_t rows) -> Status {
    for (int64_t row = 0; row < rows; ++row, ++seen)
      EXPECT_EQ(next(logits + row * 100), 4 + seen);
    return {};
  });
  EXPECT_TRUE(status);
  EXPECT_EQ(seen, 37);
}

TEST_F(SequenceTest, CtrlCStopsAPromptBetweenTwoPasses) {
  catchInterrupts();
  Sequence sequence(*engine);
  raise(SIGINT);
  Result<const float *> logits = sequence.become(count(10, 40));
  ASSERT_TRUE(logits);
  EXPECT_EQ(*logits, nullptr);
  EXPECT_EQ(sequence.length(), phirt_model.maxTokens); // one pass of 16
  EXPECT_EQ(next(sequence.become(count(10, 40))), 50);
  EXPECT_EQ(sequence.reused(), 16);
}

TEST_F(SequenceTest, CtrlCInAPromptEndsTheAnswer) {
  catchInterrupts();
  Sequence sequence(*engine);
  Sampler sampler({}, 100);
  raise(SIGINT);
  auto answer = generateAnswer(sequence, sampler, nullptr, count(10, 40), {}, nullptr);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->stop, Stop::Interrupt);
  EXPECT_TRUE(answer->tokens.empty());
}

TEST_F(SequenceTest, AContextBeyondTheMachinesMemoryIsRefusedAtStart) {
  phirt::abi::Model large = phirt_model;
  large.cacheBytesPerPosition = uint64_t(1) << 44; // times 112: the next multiple of 16
  auto opened = Engine::open(large, {writeWeights(), 0, 100});
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message.starts_with("a context of 100 needs 1970324.8 GB of key-"))
      << opened.error().message;
  large.cacheBytesPerPosition = uint64_t(1) << 60; // times 100: more than 64 bits
  EXPECT_FALSE(Engine::open(large, {writeWeights(), 0, 100}));
}

TEST_F(SequenceTest, TheCacheTakesMemoryWhereItIsTouched) {
  phirt::abi::Model large = phirt_model;
  large.cacheBytesPerPosition = 1 << 20;
  large.maxContext = 1024;
  auto opened = Engine::open(large, {writeWeights(), 0, 1024}); // 1 GiB
  ASSERT_TRUE(opened) << opened.error().message;
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 256 << 10); // KiB
}

TEST_F(SequenceTest, RefusesWhatDoesNotFit) {
  Sequence sequence(*engine);
  EXPECT_FALSE(sequence.become({}));
  EXPECT_FALSE(sequence.become(std::vector<int32_t>{1, 100}));
  EXPECT_FALSE(sequence.become(std::vector<int32_t>{-1}));
  EXPECT_FALSE(sequence.become(std::vector<int32_t>(101, 1)));
  ASSERT_TRUE(sequence.become(std::vector<int32_t>(100, 1)));
  EXPECT_FALSE(sequence.append(1));
}

} // namespace
