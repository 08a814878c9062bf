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

// What phirt/abi/Choice.h says of the error, and half a unit more for the last cut of all.
TEST(Sampler, WeightsAreExponentials) {
  for (float below = 0; below < 30; below += 0.0371f) {
    double expected = std::ldexp(std::exp(-double(below)), 40);
    EXPECT_NEAR(static_cast<double>(weightOf(1.5f - below, 1.5f)), expected,
                expected * 0x1p-22 + 1.5)
        << below;
  }
  EXPECT_EQ(weightOf(3, 3), uint64_t(1) << 40);
  EXPECT_EQ(weightOf(-1e30f, 1e30f), 0u);
}

/// The token at which the probabilities, added up by ids, pass `part` of 1.
int32_t tokenAt(std::span<const float> logits, double part) {
  double total = 0, sum = 0;
  for (float logit : logits)
    total += std::exp(double(logit));
  for (size_t id = 0; id < logits.size(); ++id)
    if ((sum += std::exp(double(logits[id])) / total) > part)
      return static_cast<int32_t>(id);
  return -1;
}

TEST(Sampler, DrawsByIdsAndAnOrderHasItsNumber) {
  Sampler sampler({true, 1, 0, 1, 0, 1, 7}, 5), other({true, 1, 0, 1, 0, 1, 7}, 5);
  std::vector<float> logits = {0.5f, 2, -1, 1, 1.5f};
  for (int i = 0; i < 1000; ++i) {
    std::optional<phirt::abi::Choice> order = other.order();
    ASSERT_TRUE(order);
    ASSERT_EQ(order->random, other.order()->random); // not used up before it is taken
    order->token = sampler.choose(logits);
    ASSERT_EQ(order->token, tokenAt(logits, std::ldexp(double(order->random), -64)));
    other.take(*order);
  }
}

TEST(Sampler, AnOrderSaysHowToChoose) {
  Sampler sampler({true, 0.7, 50, 0.25, 0.5, 1, 7}, 5);
  std::optional<phirt::abi::Choice> order = sampler.order();
  ASSERT_TRUE(order);
  EXPECT_EQ(order->temperature, 0.7f);
  EXPECT_EQ(order->topK, 50);
  EXPECT_EQ(order->topP, uint64_t(1) << 62);
  EXPECT_EQ(order->logMinP, std::log(0.5));
  EXPECT_EQ(order->drawn, 1);
  EXPECT_FALSE(Sampler({false, 1, 0, 1, 0, 1.1, 7}, 5).order());
  EXPECT_EQ(Sampler({}, 5).order()->drawn, 0);
}

TEST(Sampler, WhatIsNoFiniteNumberIsNeverDrawn) {
  for (Sampling sampling :
       {Sampling{true, 1, 0, 1, 0, 1, 3}, Sampling{true, 1, 3, 0.9, 0.1, 1, 3}}) {
    Sampler sampler(sampling, 5);
    for (int i = 0; i < 50; ++i) {
      int32_t id = sampler.choose(std::vector<float>{NAN, 1, INFINITY, 1, -INFINITY});
      EXPECT_TRUE(id == 1 || id == 3) << id;
    }
  }
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
