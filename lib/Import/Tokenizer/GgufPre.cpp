// The names of tokenizer.ggml.pre that byte-level vocabularies use, with the patterns of the
// models' own tokenizer.json files; "default" is what llama.cpp does with a file that names none.

#include "ClassSet.h"
#include "GgufTokenizer.h"
#include "Pattern.h"

namespace phidias::tokenizer {

static constexpr llvm::StringLiteral kCl100kPattern(
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)");

static constexpr llvm::StringLiteral kO200kPattern(
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)");

namespace {
struct Named {
  llvm::StringLiteral name;
  std::vector<llvm::StringRef> patterns;
  bool ignoreMerges = false;
};
} // namespace

static const std::vector<Named> &namedPatterns() {
  static const std::vector<Named> all = {
      {"gpt-2", {kGpt2Pattern}},
      {"phi-2", {kGpt2Pattern}},
      {"smollm", {R"(\p{N})", kGpt2Pattern}},
      {"starcoder", {R"(\p{N})", kGpt2Pattern}},
      {"refact", {R"(\p{N})", kGpt2Pattern}},
      {"dbrx", {kCl100kPattern}},
      {"smaug-bpe", {kCl100kPattern}},
      {"llama-bpe", {kCl100kPattern}, true},
      {"llama3", {kCl100kPattern}, true},
      {"gpt-4o", {kO200kPattern}},
      {"default", {R"([\p{P}\$\+<=>\^~\|]+)", kGpt2Pattern, R"(\p{N}+)", "[0-9][0-9][0-9]"}},
  };
  return all;
}

llvm::Error addNamedSteps(llvm::StringRef pre, Parts &parts) {
  for (const Named &named : namedPatterns()) {
    if (named.name != pre)
      continue;
    parts.flags |= named.ignoreMerges ? uint32_t(abi::kIgnoreMerges) : 0u;
    for (llvm::StringRef pattern : named.patterns) {
      llvm::Expected<std::string> text = translatePattern(pattern);
      if (!text)
        return text.takeError();
      parts.steps.push_back({abi::Step::kIsolate, std::move(*text)});
    }
    return llvm::Error::success();
  }
  return fail("tokenizer.ggml.pre '{0}' is not supported", pre);
}

} // namespace phidias::tokenizer
