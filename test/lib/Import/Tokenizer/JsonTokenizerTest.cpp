// What tokenizer.json may hold, and that all else is refused by name.

#include "test/runtime/tokenizer/Cases.h"
#include <random>

using namespace phidias;

static std::string messageOf(llvm::StringRef json, int64_t modelVocab = 100) {
  auto table = tokenizerFromJson(json, modelVocab);
  return table ? "read" : llvm::toString(table.takeError());
}

/// A tokenizer of three tokens with one part replaced.
static std::string with(llvm::StringRef key, llvm::StringRef part) {
  std::pair<llvm::StringRef, llvm::StringRef> parts[] = {
      {"added_tokens", "[]"},
      {"normalizer", "null"},
      {"pre_tokenizer", R"({"type":"ByteLevel","add_prefix_space":false,"use_regex":true})"},
      {"decoder", R"({"type":"ByteLevel"})"},
      {"model", R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]})"}};
  std::string text = "{\"version\":\"1.0\"";
  for (auto [name, value] : parts)
    text += (",\"" + name + "\":" + (name == key ? part : value)).str();
  return text + "}";
}

TEST(JsonTokenizer, ReadsTheSmallest) {
  auto table = tokenizerFromJson(with("", ""), 100);
  ASSERT_TRUE(bool(table)) << llvm::toString(table.takeError());
  EXPECT_EQ(table->kind, "byte-level BPE");
  EXPECT_EQ(table->vocab, 3);
  EXPECT_EQ(table->merges, 1);
}

TEST(JsonTokenizer, RefusesByName) {
  const std::string grow = R"({"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaa"})";
  const std::pair<std::string, const char *> cases[] = {
      {with("model", R"({"type":"Unigram"})"),
       "tokenizer.json: model.type Unigram is not supported, expected BPE"},
      {with("model", R"({"vocab":{"a":0,"b":0},"merges":[]})"), "stands for"},
      {with("model", R"({"vocab":{"a":-1},"merges":[]})"), "has id -1, the model has 100 rows"},
      {with("model", R"({"vocab":{"a":100},"merges":[]})"), "has id 100, the model has 100 rows"},
      {with("model", R"({"vocab":{"a":1.5},"merges":[]})"), "is not an integer"},
      {with("model", R"({"vocab":{"a":0},"merges":["a a"]})"),
       "merge 0 of 'a' and 'a' is not in the vocabulary"},
      {with("model", R"({"vocab":{"a":0},"merges":["aa"]})"),
       "model.merges[0] is no pair of tokens"},
      {with("model", R"({"vocab":{"a":0},"merges":[["a"]]})"),
       "model.merges[0] is no pair of tokens"},
      {with("model", R"({"vocab":{"a":0},"merges":[],"unk_token":"u"})"),
       "unk_token 'u' is not in the vocabulary"},
      {with("model", R"({"vocab":{"a":0},"merges":[],"dropout":0.1})"),
       "model.dropout is not supported"},
      {with("model", R"({"vocab":{"a":0},"merges":[],"end_of_word_suffix":"x"})"),
       "model.end_of_word_suffix"},
      {with("model", "3"), "model is missing"},
      {with("normalizer", R"({"type":"NFC"})"), "normalizer NFC is not supported"},
      {with("normalizer", R"({"type":"Replace","pattern":{"String":"a"},"content":")" +
                              std::string(65, 'a') + "\"}"),
       "normalizer Replace is longer than 64 bytes"},
      {with("normalizer", R"({"type":"Sequence","normalizers":[)" + grow + "," + grow + "]}"),
       "normalizer makes text more than 64 times as long"},
      {with("decoder", "null"), "decoder and pre_tokenizer disagree about ByteLevel"},
      {with("pre_tokenizer", R"({"type":"Whitespace"})"),
       "pre_tokenizer Whitespace is not supported"},
      {with("pre_tokenizer",
            R"({"type":"Split","pattern":{"Regex":"a"},"behavior":"MergedWithNext"})"),
       "pre_tokenizer Split behavior 'MergedWithNext' is not supported"},
      {with("pre_tokenizer", R"({"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"})"),
       "pre_tokenizer Split pattern (a: missing closing parenthesis"},
      {with("added_tokens", R"([{"id":5}])"), "added_tokens has an entry without id and content"},
      {with("added_tokens", R"([{"id":5,"content":""}])"), "added token 5 is empty"},
      {with("added_tokens", R"([{"id":5,"content":"ab"}])"),
       "added token 'ab' has id 5, the vocabulary says 2"},
      {with("added_tokens", R"([{"id":100,"content":"x"}])"),
       "token 'x' has id 100, the model has 100 rows"},
      {"[]", "tokenizer.json: expected a JSON object, got an array of 0"},
      {"{", "tokenizer.json: "},
      {"", "tokenizer.json: "},
      {R"({"model":{"vocab":{"a":0,"b":1,"a":2}}})",
       "tokenizer.json: at byte 31: key 'a' occurs twice"},
      {std::string(1000000, '['), "tokenizer.json: at byte 64: nested deeper than 64 levels"},
  };
  for (const auto &[json, message] : cases)
    EXPECT_NE(messageOf(json).find(message), std::string::npos)
        << json.substr(0, 300) << "\nexpected: " << message << "\ngot: " << messageOf(json);
}

TEST(JsonTokenizer, EveryCutFileIsRefused) {
  std::string json = with("", "");
  for (size_t size = 0; size < json.size(); ++size)
    EXPECT_EQ(messageOf(json.substr(0, size)).rfind("tokenizer.json: ", 0), 0u) << size;
}

TEST(JsonTokenizer, ReadsSurrogatePairsOfEscapes) {
  // U+2CB3E: llvm::json alone would read U+1CB3E's neighbour, for it combines the halves with |.
  std::string json = with("added_tokens", R"([{"id":5,"content":"\ud872\udf3e","special":true}])");
  auto table = tokenizerFromJson(json, 100);
  ASSERT_TRUE(bool(table)) << llvm::toString(table.takeError());
  auto tokenizer = phirt::Tokenizer::open({table->bytes.data(), table->bytes.size()});
  ASSERT_TRUE(tokenizer.has_value());
  EXPECT_EQ(tokenizer->encode("\U0002CB3E"), std::vector<int32_t>{5});
}

TEST(JsonTokenizer, ChangedFilesHarmNothing) {
  std::mt19937 random(1);
  int read = 0;
  for (const char *name : {"cl100k.json", "phi3.json"}) {
    const std::string good = inputFile(name);
    for (int round = 0; round < 150; ++round) {
      std::string json = good;
      for (int i = 0; i < 1 + round % 8; ++i)
        json[random() % (round % 2 ? 1500 : json.size())] = "0123456789[]{},:\"\\ax"[random() % 20];
      auto table = tokenizerFromJson(json, 4096);
      if (!table) {
        llvm::consumeError(table.takeError());
        continue;
      }
      auto tokenizer = phirt::Tokenizer::open(blobOf(*table));
      ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
      tokenizer->decode(tokenizer->encode("<|start|> it's 12345 word <|strip|> x"), true);
      ++read;
    }
  }
  EXPECT_GT(read, 10); // most changes spoil the file; some must get through
}
