#pragma once
/// The parts of a tokenizer.json, one reader each. Errors name the key.

#include "Parts.h"
#include "llvm/Support/JSON.h"

namespace phidias::tokenizer {

/// `model`: vocabulary and merges of a BPE.
llvm::Error readModel(const llvm::json::Object &model, int64_t modelVocab, Parts &parts);

/// `pre_tokenizer` (may be null): steps; sets abi::kByteLevel where a ByteLevel comes last.
llvm::Error readPreTokenizer(const llvm::json::Value &value, Parts &parts);

/// `normalizer` (may be null).
llvm::Error readNormalizer(const llvm::json::Value &value, Parts &parts);

/// `decoder`.
llvm::Error readDecoder(const llvm::json::Value &value, Parts &parts);

/// The members of a Sequence under `key`, or the value itself; nothing for null.
std::vector<const llvm::json::Object *> sequenceOf(const llvm::json::Value &value,
                                                   llvm::StringRef key);

/// `type` of a component; empty where there is none.
inline llvm::StringRef typeOf(const llvm::json::Object &object) {
  return object.getString("type").value_or("");
}

/// A pattern object that must be {"String": ...}.
inline std::optional<llvm::StringRef> stringPattern(const llvm::json::Object &object) {
  const llvm::json::Object *pattern = object.getObject("pattern");
  return pattern ? pattern->getString("String") : std::nullopt;
}

} // namespace phidias::tokenizer
