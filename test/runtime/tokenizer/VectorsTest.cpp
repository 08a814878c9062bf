// Small tokenizers, one for each feature, give the ids and texts that the reference library gives.

#include "Cases.h"

using namespace phirt;

class Vectors : public testing::TestWithParam<const char *> {
protected:
  phidias::TokenizerTable table = tableOf(GetParam());
  Result<Tokenizer> tokenizer = Tokenizer::open(blobOf(table));
  std::vector<Case> cases = casesOf(GetParam());
};

TEST_P(Vectors, EncodesAsTheReference) {
  ASSERT_TRUE(tokenizer.has_value());
  for (const Case &c : cases)
    EXPECT_EQ(tokenizer->encode(c.text), c.ids) << c.text;
}

TEST_P(Vectors, DecodesAsTheReference) {
  for (const Case &c : cases) {
    EXPECT_EQ(tokenizer->decode(c.ids, false), c.decoded) << c.text;
    EXPECT_EQ(tokenizer->decode(c.ids, true), c.skipped) << c.text;
  }
}

TEST_P(Vectors, StreamsWholeCharacters) {
  for (const Case &c : cases) {
    std::string joined;
    StreamDecoder decoder(*tokenizer, false);
    for (int32_t id : c.ids) {
      std::string_view part = decoder.push(id);
      // llvm::json checks UTF-8 on its own account.
      EXPECT_TRUE(llvm::json::isUTF8(part)) << c.text;
      joined += part;
    }
    EXPECT_EQ(joined.append(decoder.finish()), c.decoded) << c.text;
  }
}

TEST_P(Vectors, FindsNoMarkupInWhatAUserSays) {
  for (const Case &c : cases) {
    Piece piece{c.text, false};
    EXPECT_EQ(tokenizer->encode(std::span(&piece, 1)), c.untrusted) << c.text;
  }
}

TEST_P(Vectors, CrossesThePiecesOfATrustedText) {
  for (const Case &c : cases) {
    if (llvm::any_of(c.text, [](char byte) { return byte < 0; }))
      continue; // a piece may not end inside a character
    std::vector<Piece> pieces;
    for (char byte : c.text)
      pieces.push_back({std::string(1, byte), true});
    EXPECT_EQ(tokenizer->encode(pieces), c.ids) << c.text;
  }
}

INSTANTIATE_TEST_SUITE_P(, Vectors,
                         testing::Values("gpt2", "smollm", "digit-runs", "prefix-space", "cl100k",
                                         "isolated", "removed", "literal", "ignore-merges", "phi3",
                                         "unknown"));
