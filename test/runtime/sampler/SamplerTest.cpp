// The sampler leaves the tokens and scores that transformers' processors leave, and draws by their
// probability.
#include "sampler/Sampler.h"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace phirt;

namespace {

struct Case {
  bool doSample;
  double temperature;
  int64_t topK;
  double topP, minP, penalty;
  std::vector<int32_t> seen;
  std::vector<float> logits;
  std::vector<Candidate> left;
};

const Case kCases[] = {
#include "Expectations.inc"
};

Sampler samplerOf(const Case &c) {
  Sampler sampler({c.doSample, c.temperature, c.topK, c.topP, c.minP, c.penalty, 1},
                  static_cast<int64_t>(c.logits.size()));
  for (int32_t token : c.seen)
    sampler.see(token);
  return sampler;
}

TEST(Sampler, LeavesWhatTransformersLeaves) {
  for (const Case &c : kCases) {
    SCOPED_TRACE(&c - kCases);
    Sampler sampler = samplerOf(c);
    auto span = sampler.process(c.logits);
    std::vector<Candidate> left(span.begin(), span.end());
    std::ranges::sort(left, {}, &Candidate::id);
    ASSERT_EQ(left.size(), c.left.size());
    for (size_t i = 0; i < left.size(); ++i) {
      EXPECT_EQ(left[i].id, c.left[i].id);
      EXPECT_NEAR(left[i].score, c.left[i].score, 1e-5);
    }
  }
}

TEST(Sampler, GreedyTakesTheFirstOfTheHighest) {
  Sampler sampler({}, 4);
  EXPECT_EQ(sampler.choose(std::vector<float>{1, 5, 5, 2}), 1);
}

TEST(Sampler, RefusesLogitsThatAreNoNumbers) {
  std::vector<float> bad(4, NAN);
  EXPECT_EQ(Sampler({}, 4).choose(bad), -1);
  EXPECT_EQ(Sampler({true, 1, 2, 0.9, 0.1, 1, 0}, 4).choose(bad), -1);
  EXPECT_EQ(Sampler({true, 1, 0, 0.9, 0.1, 1, 0}, 4).choose(bad), -1);
}

TEST(Sampler, DrawsByProbability) {
  Sampler sampler({true, 1, 0, 1, 0, 1, 42}, 3);
  std::vector<float> logits = {std::log(1.f), std::log(3.f), std::log(6.f)};
  int count[3] = {};
  for (int i = 0; i < 20000; ++i)
    ++count[sampler.choose(logits)];
  // Standard deviations are below 71.
  EXPECT_NEAR(count[0], 2000, 300);
  EXPECT_NEAR(count[1], 6000, 300);
  EXPECT_NEAR(count[2], 12000, 300);
}

TEST(Sampler, SameSeedSameTokens) {
  Case c = kCases[1];
  Sampler a = samplerOf(c), b = samplerOf(c);
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(a.choose(c.logits), b.choose(c.logits));
}

// The numbers of the reference implementation, for seed 1234567 (Vigna's splitmix64.c).
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
}

} // namespace
