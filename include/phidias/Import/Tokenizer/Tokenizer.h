#pragma once
/// Turns a checkpoint's tokenizer into the table that a program carries (layout:
/// phirt/abi/Tokenizer.h).

#include "phidias/Import/Gguf/Metadata.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace phidias {

/// What `phidias inspect` says of a tokenizer.
struct TokenizerTable {
  std::vector<uint8_t> bytes; ///< 16-byte aligned layout of phirt/abi/Tokenizer.h
  std::string kind;           ///< "byte-level BPE", "SentencePiece BPE"
  int64_t vocab = 0;          ///< entries, added tokens included
  int64_t merges = 0;
  int64_t addedTokens = 0;
};

/// From tokenizer.json. Unsupported parts are errors that name the file and the key.
/// `modelVocab`: rows of the embedding; ids at or above it are refused.
llvm::Expected<TokenizerTable> tokenizerFromJson(llvm::StringRef tokenizerJson, int64_t modelVocab);

/// From the tokenizer.ggml.* keys of a GGUF file (`path` is for messages).
llvm::Expected<TokenizerTable> tokenizerFromGguf(const GgufMetadata &metadata, llvm::StringRef path,
                                                 int64_t modelVocab);

} // namespace phidias
