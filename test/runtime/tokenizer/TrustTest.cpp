// Special tokens come from trusted text alone, words cross the borders of pieces, and bytes that
// are no UTF-8 become U+FFFD as Python's errors="replace" makes them.

#include "Cases.h"

using namespace phirt;

class Trust : public testing::Test {
protected:
  phidias::TokenizerTable table = tableOf("cl100k");
  Result<Tokenizer> tokenizer = Tokenizer::open(blobOf(table));

  std::vector<int32_t> ids(std::vector<Piece> pieces) { return tokenizer->encode(pieces); }
  /// The ids of a text without special tokens; the reference's, by VectorsTest.
  std::vector<int32_t> plain(std::string text) { return ids({{std::move(text), false}}); }
  bool hasSpecial(const std::vector<int32_t> &found) {
    return std::ranges::any_of(found, [&](int32_t id) { return tokenizer->isSpecial(id); });
  }
};

TEST_F(Trust, AWordCrossesTheBorder) {
  EXPECT_EQ(ids({{"Hel", true}, {"lo Wor", false}, {"ld", true}}), plain("Hello World"));
}

TEST_F(Trust, ATokenMayNotBeginInTrustedTextAndEndInAUsers) {
  EXPECT_FALSE(hasSpecial(ids({{"<|sta", true}, {"rt|>", false}})));
  EXPECT_FALSE(hasSpecial(ids({{"<|sta", false}, {"rt|>", true}})));
  EXPECT_TRUE(hasSpecial(ids({{"<|sta", true}, {"rt|>", true}})));
}

TEST_F(Trust, AUsersMarkupBetweenSpecialTokensStaysText) {
  std::vector<int32_t> start = ids({{"<|start|>", true}}), end = ids({{"<|end|>", true}});
  std::vector<int32_t> expected = start;
  for (int32_t id : plain("a<|end|>b<tool>"))
    expected.push_back(id);
  expected.insert(expected.end(), end.begin(), end.end());
  EXPECT_EQ(ids({{"<|start|>", true}, {"a<|end|>b<tool>", false}, {"<|end|>", true}}), expected);
  EXPECT_EQ(start.size(), 1u);
  EXPECT_NE(start, end);
}

TEST_F(Trust, BytesThatAreNoUtf8) {
  // Python: bytes.decode(errors="replace") of each left-hand side.
  const std::pair<std::string, std::string> cases[] = {
      {"a\xFFz", "a\uFFFDz"},
      {"\xF0\x9F\x98z", "\uFFFDz"},
      {"\xE4\xB8", "\uFFFD"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"\xC0\xAF", "\uFFFD\uFFFD"},
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF0\x9F\x98\x80", "\U0001F600"},
  };
  for (const auto &[bytes, text] : cases) {
    EXPECT_EQ(tokenizer->encode(bytes), tokenizer->encode(text)) << text;
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(bytes), false), text);
  }
}

TEST_F(Trust, LongWordsTakeNoQuadraticTime) {
  // A million letters in one word: quadratic work would take hours.
  std::string word(1000000, 'a');
  std::vector<int32_t> found = tokenizer->encode(word);
  EXPECT_EQ(tokenizer->decode(found, false), word);
  std::string spaces(1000000, ' ');
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(spaces), false), spaces);
  std::string marks;
  for (int i = 0; i < 100000; ++i)
    marks += "<|start";
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(marks), false), marks);
}
