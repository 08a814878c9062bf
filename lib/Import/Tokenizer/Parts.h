#pragma once
/// A tokenizer between its file and its table: what both readers fill in and WriteTable lays out.

#include "phidias/Import/Tokenizer/Tokenizer.h"
#include "phirt/abi/Tokenizer.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include <optional>
#include <utility>

namespace phidias::tokenizer {

namespace abi = phirt::abi::tokenizer;

struct AddedToken {
  int64_t id = 0;
  std::string content;
  bool special = false, leftStrip = false, rightStrip = false, singleWord = false,
       normalized = false;
};

struct Step {
  abi::Step::Kind kind;
  std::string pattern; ///< PCRE2 syntax, from translatePattern
};

struct Normalizer {
  abi::Normalizer::Kind kind;
  std::string from, to;
};

struct Merge {
  int32_t left, right, result;
  uint32_t rank;
};

struct Parts {
  uint32_t flags = 0;            ///< abi::Flags
  std::string unknown;           ///< the unknown token; empty: none
  std::vector<std::string> keys; ///< by id, as the file spells them; empty where an id has no token
  llvm::StringMap<int32_t> idOf; ///< of the keys
  std::vector<Merge> merges;
  std::vector<AddedToken> added;
  std::vector<Step> steps;
  std::vector<Normalizer> normalizers;
  std::vector<std::pair<std::string, std::string>> decodeReplaces; ///< of each token, when decoding
};

/// A one-line error.
template <class... Args> llvm::Error fail(const char *format, Args &&...args) {
  return llvm::createStringError(llvm::formatv(format, std::forward<Args>(args)...).str());
}

/// Longest token and pattern that a table holds; longer ones come from damaged files.
inline constexpr size_t kMaxTokenBytes = 1 << 16;
/// Most ids that a vocabulary may have.
inline constexpr int64_t kMaxVocab = 1 << 24;

/// Puts `key` at `id`; refuses ids outside [0, modelVocab), double ids and double keys.
llvm::Error addKey(Parts &parts, llvm::StringRef key, int64_t id, int64_t modelVocab);

/// Adds a token that is recognised before all else; its id may be new or that of the same key.
llvm::Error addAdded(Parts &parts, AddedToken token, int64_t modelVocab);

/// A merge of two keys of the vocabulary; the lowest rank goes first. Their concatenation must be a
/// key too.
llvm::Error addMerge(Parts &parts, llvm::StringRef left, llvm::StringRef right, uint32_t rank);

std::string replaceAll(llvm::StringRef text, llvm::StringRef from, llvm::StringRef to);

/// The text after the normalizers.
std::string normalize(const Parts &parts, llvm::StringRef text);

/// The layout of phirt/abi/Tokenizer.h. Merges given twice: the last holds.
llvm::Expected<TokenizerTable> writeTable(Parts parts);

} // namespace phidias::tokenizer
