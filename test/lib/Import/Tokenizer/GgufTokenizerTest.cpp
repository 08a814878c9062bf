// The metadata of a GGUF file gives the ids that the tokenizer.json it was made from gives.

#include "test/runtime/tokenizer/Cases.h"

using namespace phidias;

namespace {
/// tokenizer.ggml.* as a converter writes them from Inputs/NAME.json; owns the strings.
struct Converted {
  llvm::json::Value json = nullptr;
  std::vector<std::string> tokens, mergeTexts;
  std::vector<int64_t> types;
  std::vector<double> scores;
  GgufMetadata metadata;

  Converted(llvm::StringRef name, llvm::StringRef model) {
    json = llvm::cantFail(llvm::json::parse(inputFile((name + ".json").str())));
    const llvm::json::Object &root = *json.getAsObject(), &bpe = *root.getObject("model");
    for (const auto &[key, id] : *bpe.getObject("vocab"))
      put(*id.getAsInteger(), key.str(), 1);
    for (const llvm::json::Value &value : *root.getArray("added_tokens")) {
      const llvm::json::Object &token = *value.getAsObject();
      put(*token.getInteger("id"), *token.getString("content"),
          *token.getBoolean("special") ? 3 : 4);
    }
    scores.assign(tokens.size(), 0);
    for (const auto &[rank, value] : llvm::enumerate(*bpe.getArray("merges")))
      addMerge(*value.getAsArray(), rank);
    metadata["tokenizer.ggml.model"] = model;
    metadata["tokenizer.ggml.tokens"] = std::vector<llvm::StringRef>(tokens.begin(), tokens.end());
    metadata["tokenizer.ggml.merges"] =
        std::vector<llvm::StringRef>(mergeTexts.begin(), mergeTexts.end());
    metadata["tokenizer.ggml.token_type"] = types;
  }

  void put(size_t id, llvm::StringRef key, int64_t type) {
    tokens.resize(std::max(tokens.size(), id + 1));
    types.resize(tokens.size(), 1);
    tokens[id] = key.str();
    types[id] = type;
  }

  void addMerge(const llvm::json::Array &pair, size_t rank) {
    llvm::StringRef left = *pair[0].getAsString(), right = *pair[1].getAsString();
    mergeTexts.push_back((left + " " + right).str());
    scores[llvm::find(tokens, (left + right).str()) - tokens.begin()] = -double(rank) - 1;
  }
};
} // namespace

static std::string messageOf(const GgufMetadata &metadata) {
  auto table = tokenizerFromGguf(metadata, "m.gguf", 4096);
  return table ? "read" : llvm::toString(table.takeError());
}

static void expectCases(const GgufMetadata &metadata, llvm::StringRef name,
                        llvm::StringRef without) {
  auto table = tokenizerFromGguf(metadata, "m.gguf", 4096);
  ASSERT_TRUE(bool(table)) << llvm::toString(table.takeError());
  auto tokenizer = phirt::Tokenizer::open(blobOf(*table));
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  for (const Case &c : casesOf(name)) {
    // GGUF keeps no flags such as lstrip or single_word of added tokens.
    bool flagged =
        llvm::StringRef(c.text).contains("strip") || llvm::StringRef(c.text).contains("word");
    if (!flagged && (without.empty() || !llvm::StringRef(c.text).contains(without))) {
      EXPECT_EQ(tokenizer->encode(c.text), c.ids) << c.text;
    }
  }
}

TEST(GgufTokenizer, ByteLevelAsTokenizerJson) {
  for (auto [name, pre] : {std::pair("gpt2", "gpt-2"),
                           {"smollm", "smollm"},
                           {"cl100k", "dbrx"},
                           {"ignore-merges", "llama-bpe"}}) {
    Converted file(name, "gpt2");
    file.metadata["tokenizer.ggml.pre"] = llvm::StringRef(pre);
    expectCases(file.metadata, name, "");
  }
}

TEST(GgufTokenizer, SentencePieceScoresAsMerges) {
  Converted file("phi3", "llama");
  file.types[0] = 2;
  file.metadata["tokenizer.ggml.token_type"] = file.types;
  file.metadata["tokenizer.ggml.scores"] = file.scores;
  expectCases(file.metadata, "phi3", "<tool>"); // normalised there, and no such thing in GGUF
}

TEST(GgufTokenizer, RefusesByName) {
  Converted file("gpt2", "gpt2");
  auto with = [&](llvm::StringRef key, GgufValue value) {
    GgufMetadata changed = file.metadata;
    changed[key] = std::move(value);
    return messageOf(changed);
  };
  EXPECT_EQ(messageOf({}),
            "m.gguf: tokenizer.ggml.model '' is not supported, expected gpt2 or llama");
  EXPECT_EQ(with("tokenizer.ggml.model", llvm::StringRef("t5")),
            "m.gguf: tokenizer.ggml.model 't5' is not supported, expected gpt2 or llama");
  EXPECT_EQ(with("tokenizer.ggml.pre", llvm::StringRef("qwen2")),
            "m.gguf: tokenizer.ggml.pre 'qwen2' is not supported");
  EXPECT_EQ(with("tokenizer.ggml.tokens", true),
            "m.gguf: tokenizer.ggml.tokens is no list of strings");
  EXPECT_EQ(with("tokenizer.ggml.token_type", std::vector<int64_t>{1}),
            "m.gguf: tokenizer.ggml.token_type must have " + std::to_string(file.tokens.size()) +
                " entries, got 1");
  EXPECT_EQ(with("tokenizer.ggml.merges", std::vector<llvm::StringRef>{"ab"}),
            "m.gguf: tokenizer.ggml.merges[0] is no pair of tokens");
  EXPECT_EQ(with("tokenizer.ggml.model", llvm::StringRef("llama"))
                .rfind("m.gguf: tokenizer.ggml.scores is no list", 0),
            0u);
}
