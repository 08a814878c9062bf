// `model` of a tokenizer.json: {"type": "BPE", "vocab": {key: id}, "merges": ["a b", ...] or [["a",
// "b"], ...]}.

#include "Json.h"

namespace phidias::tokenizer {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

static llvm::Error readVocab(const Object &model, int64_t modelVocab, Parts &parts) {
  const Object *vocab = model.getObject("vocab");
  if (!vocab)
    return fail("model.vocab is not an object");
  for (const auto &[key, value] : *vocab) {
    std::optional<int64_t> id = value.getAsInteger();
    if (!id)
      return fail("model.vocab['{0}'] is not an integer", key.str());
    if (llvm::Error error = addKey(parts, key.str(), *id, modelVocab))
      return error;
  }
  return llvm::Error::success();
}

/// The two parts of a merge, in either spelling.
static std::optional<std::pair<llvm::StringRef, llvm::StringRef>> mergePair(const Value &value) {
  if (const Array *pair = value.getAsArray()) {
    if (pair->size() != 2 || !(*pair)[0].getAsString() || !(*pair)[1].getAsString())
      return std::nullopt;
    return std::pair(*(*pair)[0].getAsString(), *(*pair)[1].getAsString());
  }
  std::optional<llvm::StringRef> text = value.getAsString();
  if (!text || text->count(' ') != 1)
    return std::nullopt;
  return text->split(' ');
}

static llvm::Error readMerges(const Object &model, Parts &parts) {
  const Array *merges = model.getArray("merges");
  if (!merges || merges->size() > static_cast<size_t>(kMaxVocab))
    return fail("model.merges is not an array of at most {0} merges", kMaxVocab);
  for (const auto &[rank, value] : llvm::enumerate(*merges)) {
    auto pair = mergePair(value);
    if (!pair)
      return fail("model.merges[{0}] is no pair of tokens", rank);
    if (llvm::Error error = addMerge(parts, pair->first, pair->second, rank))
      return error;
  }
  return llvm::Error::success();
}

/// Options that change the ids and that no model of the family uses.
static llvm::Error checkUnused(const Object &model) {
  for (llvm::StringRef key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"}) {
    const Value *value = model.get(key);
    bool off = !value || value->getAsNull() || value->getAsString() == llvm::StringRef() ||
               value->getAsNumber() == 0.0;
    if (!off)
      return fail("model.{0} is not supported", key);
  }
  return llvm::Error::success();
}

static void readOptions(const Object &model, Parts &parts) {
  auto set = [&](llvm::StringRef key, uint32_t flag) {
    if (model.getBoolean(key).value_or(false))
      parts.flags |= flag;
  };
  set("ignore_merges", abi::kIgnoreMerges);
  set("byte_fallback", abi::kByteFallback);
  set("fuse_unk", abi::kFuseUnknown);
  parts.unknown = model.getString("unk_token").value_or("").str();
}

llvm::Error readModel(const Object &model, int64_t modelVocab, Parts &parts) {
  llvm::StringRef type = model.getString("type").value_or("BPE");
  if (type != "BPE")
    return fail("model.type {0} is not supported, expected BPE", type);
  if (llvm::Error error = checkUnused(model))
    return error;
  readOptions(model, parts);
  if (llvm::Error error = readVocab(model, modelVocab, parts))
    return error;
  return readMerges(model, parts);
}

} // namespace phidias::tokenizer
