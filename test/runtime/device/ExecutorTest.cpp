// Passes on a device: the same tokens as on the processor, by one launch each. The fake driver
// copies at the last moment, fills new memory with rubbish, and checks what a kernel is handed.
#include "Fake.h"
#include "generate/Answer.h"
#include "model/Sequence.h"
#include <algorithm>
#include <thread>

using namespace phirt;

namespace {

struct ExecutorTest : DeviceTest {};

TEST_F(ExecutorTest, CountsAsTheProcessorDoes) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  EXPECT_EQ(next(sequence.become(count(10, 40))), 50); // three passes
  EXPECT_EQ(next(sequence.append(50)), 51);
  EXPECT_EQ(next(sequence.become(count(10, 20))), 30);
  EXPECT_EQ(next(sequence.become(count(0, 65))), 66); // the long factors
  EXPECT_EQ(fake().calls("cuLaunchCooperativeKernel"), 3u + 1 + 1 + 5);
}

TEST_F(ExecutorTest, GivesEveryRowWhereItIsWanted) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
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

TEST_F(ExecutorTest, SaysWhereItRuns) {
  DeviceModel toy;
  setenv("FAKE_CUDA_GPUS", "80:2:1000000:Fake A30;90:4:1000000:Fake H100", 1);
  auto engine = toy.open({.number = 1});
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_EQ(engine->describe(), "16 blocks on Fake H100");
  EXPECT_EQ(engine->threads(), 16);
}

TEST_F(ExecutorTest, PassesMayComeFromAnotherThread) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  int64_t answer = 0;
  std::thread([&] {
    Sequence sequence(*engine);
    answer = next(sequence.become(count(10, 40)));
  }).join();
  EXPECT_EQ(answer, 50);
}

TEST_F(ExecutorTest, GivesEverythingBack) {
  DeviceModel toy;
  {
    auto engine = toy.open();
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_GT(fake().held(), 8u);
  }
  EXPECT_EQ(fake().held(), 0u);
}

/// What attention may read before it was written: arena and cache hold zeros at the start.
TEST_F(ExecutorTest, MemoryIsClearBeforeTheFirstPass) {
  fake().setKernel([](void *argument, unsigned, unsigned, unsigned) {
    auto *args = static_cast<const phirt::abi::ForwardArgs *>(argument);
    auto isZero = [](std::byte byte) { return byte == std::byte(0); };
    return args->capacity == 112 && std::all_of(args->arena, args->arena + 4096, isZero) &&
           std::all_of(args->cache, args->cache + 112 * 8, isZero);
  });
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_TRUE(engine->forward(count(1, 3), 0, 1, false));
}

/// Two passes of one executor: every word of the barrier is zero again, and only what is wanted is
/// copied back.
TEST_F(ExecutorTest, ThePassIsToldAll) {
  static std::vector<phirt::abi::ForwardArgs> seen;
  static std::vector<int32_t> tokens;
  seen.clear();
  fake().setKernel([](void *argument, unsigned, unsigned, unsigned) {
    auto *args = static_cast<const phirt::abi::ForwardArgs *>(argument);
    seen.push_back(*args);
    tokens.assign(args->tokens, args->tokens + args->count);
    auto *words = static_cast<uint64_t *>(args->barrier);
    return words[0]++ == 0 && words[31]++ == 0;
  });
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  ASSERT_TRUE(engine->forward(count(5, 16), 0, 0, false));
  EXPECT_EQ(tokens, count(5, 16));
  EXPECT_EQ(fake().calls("cuMemcpyDtoHAsync_v2"), 0u);
  ASSERT_TRUE(engine->forward(count(7, 2), 16, 2, true));
  EXPECT_EQ(tokens, count(7, 2));
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].longRope, 0);
  EXPECT_EQ(seen[1].longRope, 1);
  EXPECT_EQ(seen[1].position, 16);
  EXPECT_EQ(seen[1].logitRows, 2);
  EXPECT_EQ(seen[1].count, 2);
}

/// The token is all that comes back; it is found in what the call brought, and the rest is as
/// asked.
TEST_F(ExecutorTest, APassThatChoosesGivesTheTokenAlone) {
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  ASSERT_TRUE(engine->chooses());
  phirt::abi::Choice choice{1, 2, 3, 4, 0, 6, -1};
  Sequence sequence(*engine);
  ASSERT_TRUE(sequence.become(count(10, 40), &choice)); // of three passes the last chooses
  EXPECT_EQ(choice.token, 50);
  ASSERT_TRUE(sequence.append(50, &choice));
  EXPECT_EQ(choice.token, 51);
  EXPECT_EQ(choice.topK, 6);
  EXPECT_EQ(fake().copiedBack(), 2 * sizeof choice);
  EXPECT_EQ(next(sequence.append(51)), 52); // and without a choice logits
  EXPECT_EQ(fake().copiedBack(), 2 * sizeof choice + 100 * sizeof(float));
}

TEST_F(ExecutorTest, AnAnswerIsChosenOnTheDevice) {
  static std::vector<phirt::abi::Choice> seen;
  seen.clear();
  fake().setKernel([](void *argument, unsigned, unsigned, unsigned) {
    auto *args = static_cast<phirt::abi::ForwardArgs *>(argument);
    if (args->choice) {
      seen.push_back(*args->choice);
      args->choice->token = static_cast<int32_t>(20 + seen.size());
    }
    return args->logitRows == 0 || args->choice;
  });
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  Sampler sampler({true, 0.5, 3, 0.5, 0.25, 1, 11}, 100);
  auto answer =
      generateAnswer(sequence, sampler, nullptr, count(10, 20), {.maxTokens = 3, .stops = {}},
                     [](std::string_view) { return Status(); });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->tokens, (std::vector<int32_t>{21, 22, 23}));
  Random random(11); // a number for each token
  ASSERT_EQ(seen.size(), 3u);
  for (const phirt::abi::Choice &choice : seen) {
    EXPECT_EQ(choice.random, random.next());
    EXPECT_EQ(choice.topK, 3);
    EXPECT_EQ(choice.topP, uint64_t(1) << 63);
    EXPECT_EQ(choice.temperature, 0.5f);
  }
}

/// As where no logit was a finite number.
TEST_F(ExecutorTest, NoTokenIsAnError) {
  fake().setKernel([](void *argument, unsigned, unsigned, unsigned) {
    auto *args = static_cast<phirt::abi::ForwardArgs *>(argument);
    args->choice->token = -1;
    return true;
  });
  DeviceModel toy;
  auto engine = toy.open();
  ASSERT_TRUE(engine) << engine.error().message;
  Sequence sequence(*engine);
  Sampler sampler({}, 100);
  auto answer =
      generateAnswer(sequence, sampler, nullptr, count(10, 2), {.maxTokens = 3, .stops = {}},
                     [](std::string_view) { return Status(); });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "the model gave no finite logit at position 1");
}

} // namespace
