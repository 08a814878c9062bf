// A damaged table is refused, or at least harms nothing: run with the sanitizers to see.

#include "Cases.h"
#include <random>

using namespace phirt;

static void use(const Tokenizer &tokenizer) {
  for (int32_t id : tokenizer.encode("<|start|> it's 12345 \xE6\x9D\xB1 word <|strip|> x"))
    EXPECT_TRUE(id >= 0 && id < tokenizer.vocabSize()) << id;
  std::vector<int32_t> ids{-1, 0, 5, 300, INT32_MAX, INT32_MIN};
  tokenizer.decode(ids, true);
}

/// A copy that ends where the sanitizer notices.
static Result<Tokenizer> openCopy(const std::vector<uint8_t> &bytes,
                                  std::unique_ptr<uint64_t[]> &memory) {
  memory = std::make_unique<uint64_t[]>((bytes.size() + 7) / 8);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t *>(memory.get()));
  return Tokenizer::open({memory.get(), bytes.size()});
}

TEST(Table, ACutTableIsRefused) {
  std::vector<uint8_t> bytes = tableOf("cl100k").bytes;
  std::unique_ptr<uint64_t[]> memory;
  ASSERT_TRUE(openCopy(bytes, memory).has_value());
  for (size_t size = 0; size < bytes.size(); size += size < 300 ? 1 : 997) {
    Result<Tokenizer> tokenizer = openCopy({bytes.begin(), bytes.begin() + size}, memory);
    EXPECT_FALSE(tokenizer.has_value()) << size;
  }
}

TEST(Table, AnotherVersionIsRefusedByName) {
  std::vector<uint8_t> bytes = tableOf("cl100k").bytes;
  bytes[8] = 99;
  std::unique_ptr<uint64_t[]> memory;
  Result<Tokenizer> tokenizer = openCopy(bytes, memory);
  ASSERT_FALSE(tokenizer.has_value());
  EXPECT_EQ(tokenizer.error().message, "tokenizer table has version 99, expected 2");
}

TEST(Table, ChangedBytesHarmNothing) {
  std::mt19937 random(1);
  for (const char *name : {"cl100k", "phi3"}) {
    const std::vector<uint8_t> good = tableOf(name).bytes;
    for (int round = 0; round < 400; ++round) {
      std::vector<uint8_t> bytes = good;
      for (int i = 0; i < 1 + round % 20; ++i)
        bytes[random() % (round % 2 ? 140 : bytes.size())] = random();
      std::unique_ptr<uint64_t[]> memory;
      if (Result<Tokenizer> tokenizer = openCopy(bytes, memory))
        use(*tokenizer);
    }
  }
}
