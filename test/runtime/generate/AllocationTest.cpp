// Once the first text of an answer is there, the token loop allocates nothing. The toy model with
// text (fake/FakeModel.cpp) answers the alphabet.
#include "../fake/FakeWeights.h"
#include "generate/Answer.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <new>

static int64_t allocations = 0;

void *operator new(size_t bytes) {
  ++allocations;
  return malloc(bytes);
}
void operator delete(void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }

using namespace phirt;

namespace {

std::string writeWeights() { return writeFakeWeights("allocation-test.weights"); }

/// Allocations between the first and the last text of an answer of 200 tokens.
int64_t allocationsInTheLoop(const Sampling &sampling, std::vector<std::string> stops) {
  Result<Engine> engine = Engine::open(phirt_model, {writeWeights(), 0, 0});
  Result<Tokenizer> tokenizer = Tokenizer::open(phirt_model.tokenizer);
  if (!engine || !tokenizer)
    return -1;
  Sequence sequence(*engine);
  Sampler sampler(sampling, phirt_model.vocab);
  int64_t first = 0, last = 0, texts = 0;
  auto onText = [&](std::string_view) {
    last = allocations;
    first = texts++ == 0 ? last : first;
    return Status();
  };
  auto prompt = tokenizer->encode(std::string_view("hello, this is what was said"));
  auto answer =
      generateAnswer(sequence, sampler, &*tokenizer, prompt, {200, true, std::move(stops)}, onText);
  EXPECT_TRUE(answer);
  EXPECT_EQ(answer->tokens.size(), 200);
  EXPECT_GT(texts, 100); // text came token by token
  EXPECT_GT(first, 0);   // the counter counts
  return last - first;
}

TEST(Allocation, NoneAGreedyToken) { EXPECT_EQ(allocationsInTheLoop({}, {}), 0); }
TEST(Allocation, NoneASampledToken) {
  Sampling sampling;
  sampling.doSample = true;
  sampling.topK = 40;
  sampling.topP = 0.9;
  sampling.temperature = 0.01;
  EXPECT_EQ(allocationsInTheLoop(sampling, {}), 0);
}
TEST(Allocation, NoneWithStopTextsThatNearlyCome) {
  EXPECT_EQ(allocationsInTheLoop({}, {"ABCX", "FGHIJKLMNOPQRSTUVWXX"}), 0);
}

} // namespace
