// tokenizer.json as the `tokenizers` library writes it:
//
//   {"added_tokens": [...], "normalizer": ..., "pre_tokenizer": ..., "decoder": ..., "model":
//   {...}, ...}
//
// Truncation, padding and the post-processor are not read: prompts come from the chat template.

#include "Json.h"
#include "phidias/Support/Json.h"

namespace phidias {

using llvm::json::Object;
using llvm::json::Value;
using namespace tokenizer;

/// The largest that are published have some 30 MB.
constexpr JsonLimits kLimits = {256 << 20, 64};

static llvm::Error readAddedToken(const Value &value, int64_t modelVocab, Parts &parts) {
  const Object *object = value.getAsObject();
  if (!object || !object->getInteger("id") || !object->getString("content"))
    return fail("added_tokens has an entry without id and content");
  auto flag = [&](llvm::StringRef key) { return object->getBoolean(key).value_or(false); };
  AddedToken token;
  token.id = *object->getInteger("id");
  token.content = object->getString("content")->str();
  token.special = flag("special");
  token.leftStrip = flag("lstrip");
  token.rightStrip = flag("rstrip");
  token.singleWord = flag("single_word");
  token.normalized = object->getBoolean("normalized").value_or(!token.special);
  return addAdded(parts, std::move(token), modelVocab);
}

static llvm::Error readAddedTokens(const Object &root, int64_t modelVocab, Parts &parts) {
  const llvm::json::Array *list = root.getArray("added_tokens");
  if (!list)
    return llvm::Error::success();
  if (list->size() > 100000)
    return fail("added_tokens has {0} entries", list->size());
  for (const Value &value : *list)
    if (llvm::Error error = readAddedToken(value, modelVocab, parts))
      return error;
  return llvm::Error::success();
}

static llvm::Expected<Parts> readParts(const Object &root, int64_t modelVocab) {
  static const Value null = nullptr;
  auto part = [&](llvm::StringRef key) -> const Value & {
    const Value *value = root.get(key);
    return value ? *value : null;
  };
  Parts parts;
  const Object *model = root.getObject("model");
  if (!model)
    return fail("model is missing");
  if (llvm::Error error = readModel(*model, modelVocab, parts))
    return error;
  if (llvm::Error error = readAddedTokens(root, modelVocab, parts))
    return error;
  if (llvm::Error error = readNormalizer(part("normalizer"), parts))
    return error;
  if (llvm::Error error = readPreTokenizer(part("pre_tokenizer"), parts))
    return error;
  if (llvm::Error error = readDecoder(part("decoder"), parts))
    return error;
  return parts;
}

static llvm::Expected<TokenizerTable> tableOf(const Object &root, int64_t modelVocab) {
  llvm::Expected<Parts> parts = readParts(root, modelVocab);
  if (!parts)
    return parts.takeError();
  return writeTable(std::move(*parts));
}

llvm::Expected<TokenizerTable> tokenizerFromJson(llvm::StringRef tokenizerJson,
                                                 int64_t modelVocab) {
  llvm::Expected<Object> root = parseJsonObject(tokenizerJson, "tokenizer.json", kLimits);
  if (!root)
    return root.takeError();
  llvm::Expected<TokenizerTable> table = tableOf(*root, modelVocab);
  if (!table)
    return fail("tokenizer.json: {0}", llvm::toString(table.takeError()));
  return table;
}

} // namespace phidias
