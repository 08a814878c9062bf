// The tokenizer.ggml.* keys of a GGUF file:
//
//   model        "gpt2" (byte-level BPE with merges) or "llama" (SentencePiece BPE with scores)
//   pre          for gpt2: the name of the pre-token pattern
//   tokens       [vocab] keys          token_type   [vocab] 1 normal, 2 unknown, 3 control, 4
//   user-defined, merges       ["a b"]                                     5 unused, 6 byte scores
//   [vocab], for llama: the highest goes first

#include "GgufTokenizer.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

namespace phidias {

using namespace tokenizer;

enum TokenType : int64_t { kNormal = 1, kUnknown, kControl, kUserDefined, kUnused, kByte };

template <class T> static const T *valueOf(const GgufMetadata &metadata, llvm::StringRef key) {
  auto found = metadata.find(key);
  return found == metadata.end() ? nullptr : std::get_if<T>(&found->second);
}

using Strings = std::vector<llvm::StringRef>;

static llvm::Error readToken(llvm::StringRef key, int64_t id, int64_t type, int64_t modelVocab,
                             Parts &parts) {
  if (type == kControl || type == kUserDefined) {
    AddedToken token;
    token.id = id;
    token.content = key.str();
    token.special = type == kControl;
    return addAdded(parts, std::move(token), modelVocab);
  }
  if (type == kUnknown)
    parts.unknown = key.str();
  return addKey(parts, key, id, modelVocab);
}

static llvm::Error readTokens(const GgufMetadata &metadata, int64_t modelVocab, Parts &parts) {
  auto *tokens = valueOf<Strings>(metadata, "tokenizer.ggml.tokens");
  auto *types = valueOf<std::vector<int64_t>>(metadata, "tokenizer.ggml.token_type");
  if (!tokens || tokens->empty())
    return fail("tokenizer.ggml.tokens is no list of strings");
  if (types && types->size() != tokens->size())
    return fail("tokenizer.ggml.token_type must have {0} entries, got {1}", tokens->size(),
                types->size());
  for (const auto &[id, key] : llvm::enumerate(*tokens))
    if (llvm::Error error =
            readToken(key, id, types ? (*types)[id] : int64_t(kNormal), modelVocab, parts))
      return error;
  return llvm::Error::success();
}

static llvm::Error readMerges(const GgufMetadata &metadata, Parts &parts) {
  auto *merges = valueOf<Strings>(metadata, "tokenizer.ggml.merges");
  if (!merges)
    return fail("tokenizer.ggml.merges is no list of strings");
  for (const auto &[rank, merge] : llvm::enumerate(*merges)) {
    if (merge.count(' ') != 1)
      return fail("tokenizer.ggml.merges[{0}] is no pair of tokens", rank);
    auto [left, right] = merge.split(' ');
    if (llvm::Error error = addMerge(parts, left, right, rank))
      return error;
  }
  return llvm::Error::success();
}

static llvm::Error readGpt2(const GgufMetadata &metadata, int64_t modelVocab, Parts &parts) {
  auto *pre = valueOf<llvm::StringRef>(metadata, "tokenizer.ggml.pre");
  parts.flags |= abi::kByteLevel;
  if (llvm::Error error = addNamedSteps(pre ? *pre : llvm::StringRef("default"), parts))
    return error;
  if (llvm::Error error = readTokens(metadata, modelVocab, parts))
    return error;
  return readMerges(metadata, parts);
}

/// The rank of each token: how many different scores are higher. Equal scores go from the left, as
/// equal ranks do.
static std::vector<uint32_t> ranksOf(const std::vector<double> &scores) {
  std::vector<double> order = scores;
  llvm::sort(order, std::greater<>());
  order.erase(llvm::unique(order), order.end());
  std::vector<uint32_t> ranks;
  for (double score : scores)
    ranks.push_back(llvm::lower_bound(order, score, std::greater<>()) - order.begin());
  return ranks;
}

/// The work on a token grows with the square of its length.
static constexpr size_t kMaxScoredBytes = 1024;

static bool startsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// SentencePiece merges whatever two neighbours form a token: every way to cut a token in two
/// tokens is a merge.
static llvm::Error addScoreMerges(const std::vector<double> &scores, Parts &parts) {
  std::vector<uint32_t> ranks = ranksOf(scores);
  for (size_t id = 0; id < parts.keys.size(); ++id) {
    llvm::StringRef key = parts.keys[id];
    if (key.size() > kMaxScoredBytes)
      return fail("token {0} has {1} bytes, at most {2} are supported", id, key.size(),
                  kMaxScoredBytes);
    for (size_t cut = 1; cut < key.size(); ++cut) {
      llvm::StringRef left = key.take_front(cut), right = key.drop_front(cut);
      if (!startsCharacter(key[cut]) || !parts.idOf.contains(left) || !parts.idOf.contains(right))
        continue;
      if (parts.merges.size() >= static_cast<size_t>(kMaxVocab))
        return fail("tokenizer.ggml.tokens give more than {0} merges", kMaxVocab);
      if (llvm::Error error = addMerge(parts, left, right, ranks[id]))
        return error;
    }
  }
  return llvm::Error::success();
}

static llvm::Error readLlama(const GgufMetadata &metadata, int64_t modelVocab, Parts &parts) {
  parts.flags |= abi::kByteFallback | abi::kFuseUnknown;
  const std::string mark = "\xE2\x96\x81"; // U+2581
  auto *prefix = valueOf<bool>(metadata, "tokenizer.ggml.add_space_prefix");
  if (!prefix || *prefix) {
    parts.normalizers.push_back({abi::Normalizer::kPrepend, "", mark});
    parts.flags |= abi::kStripFirstSpace;
  }
  parts.normalizers.push_back({abi::Normalizer::kReplace, " ", mark});
  parts.decodeReplaces.push_back({mark, " "});
  if (llvm::Error error = readTokens(metadata, modelVocab, parts))
    return error;
  auto *scores = valueOf<std::vector<double>>(metadata, "tokenizer.ggml.scores");
  if (!scores || scores->size() < parts.keys.size() ||
      !llvm::all_of(*scores, [](double s) { return std::isfinite(s); }))
    return fail("tokenizer.ggml.scores is no list of {0} finite numbers", parts.keys.size());
  return addScoreMerges(*scores, parts);
}

static llvm::Expected<TokenizerTable> readTokenizer(const GgufMetadata &metadata,
                                                    int64_t modelVocab) {
  auto *model = valueOf<llvm::StringRef>(metadata, "tokenizer.ggml.model");
  if (!model || (*model != "gpt2" && *model != "llama"))
    return fail("tokenizer.ggml.model '{0}' is not supported, expected gpt2 or llama",
                model ? *model : "");
  Parts parts;
  auto read = *model == "gpt2" ? readGpt2 : readLlama;
  if (llvm::Error error = read(metadata, modelVocab, parts))
    return error;
  return writeTable(std::move(parts));
}

llvm::Expected<TokenizerTable> tokenizerFromGguf(const GgufMetadata &metadata, llvm::StringRef path,
                                                 int64_t modelVocab) {
  llvm::Expected<TokenizerTable> table = readTokenizer(metadata, modelVocab);
  if (!table)
    return fail("{0}: {1}", path, llvm::toString(table.takeError()));
  return table;
}

} // namespace phidias
