#include "phidias/Import/ModelText.h"
#include "phidias/Support/Json.h"

using namespace llvm;

namespace phidias {
namespace {

constexpr JsonLimits kConfigLimits = {32 << 20, 32};

Expected<std::string> readText(StringRef path) {
  auto file = MemoryBuffer::getFile(path);
  if (!file)
    return createStringError(file.getError(), "%s: cannot read: %s", path.str().c_str(),
                             file.getError().message().c_str());
  return (*file)->getBuffer().str();
}

/// "text", or {"content": "text"}: both spellings of a special token in tokenizer_config.json.
std::optional<std::string> tokenText(const json::Value &value) {
  if (auto text = value.getAsString())
    return text->str();
  if (const json::Object *object = value.getAsObject())
    if (auto text = object->getString("content"))
      return text->str();
  return std::nullopt;
}

/// "text", or [{"name": "default", "template": "text"}, ...]; empty where there is none.
std::string ownTemplate(const json::Value *value) {
  if (!value)
    return "";
  if (auto text = value->getAsString())
    return text->str();
  const json::Array empty, *named = value->getAsArray();
  for (const json::Value &entry : named ? *named : empty)
    if (const json::Object *object = entry.getAsObject())
      if (object->getString("name") == StringRef("default"))
        return object->getString("template").value_or("").str();
  return "";
}

Error readTokenizerConfig(const Model &model, TemplateSource &source) {
  auto config = readJsonObject(model.tokenizerConfigJson, kConfigLimits);
  if (!config)
    return config.takeError();
  for (const auto &[key, value] : *config)
    if (StringRef(key).ends_with("_token"))
      if (auto token = tokenText(value))
        source.globals[key] = *token;
  source.text = ownTemplate(config->get("chat_template"));
  source.path = model.tokenizerConfigJson;
  return Error::success();
}

void readGguf(const Model &model, TemplateSource &source) {
  auto find = [&](StringRef key) -> const GgufValue * {
    auto at = model.gguf->find(key);
    return at == model.gguf->end() ? nullptr : &at->second;
  };
  if (const auto *own = find("tokenizer.chat_template"))
    if (const auto *text = std::get_if<StringRef>(own)) {
      source.text = text->str();
      source.path = model.checkpoint.path + ": tokenizer.chat_template";
    }
  const auto *tokens = find("tokenizer.ggml.tokens");
  const auto *texts = tokens ? std::get_if<std::vector<StringRef>>(tokens) : nullptr;
  for (StringRef name : {"bos", "eos"})
    if (const auto *id = find(("tokenizer.ggml." + name + "_token_id").str()))
      if (const auto *number = std::get_if<uint64_t>(id);
          number && texts && *number < texts->size())
        source.globals[(name + "_token").str()] = (*texts)[*number].str();
}

} // namespace

Expected<std::optional<TokenizerTable>> readTokenizer(const Model &model) {
  bool inGguf = model.gguf && model.gguf->contains("tokenizer.ggml.tokens");
  if (!inGguf && model.tokenizerJson.empty())
    return std::nullopt;
  if (inGguf)
    return tokenizerFromGguf(*model.gguf, model.checkpoint.path, model.config.vocab);
  auto text = readText(model.tokenizerJson);
  if (!text)
    return text.takeError();
  return tokenizerFromJson(*text, model.config.vocab);
}

Expected<TemplateSource> findTemplate(const Model &model, StringRef templateFile) {
  TemplateSource source;
  if (model.gguf)
    readGguf(model, source);
  if (!model.tokenizerConfigJson.empty())
    if (Error failure = readTokenizerConfig(model, source))
      return failure;
  std::string file = templateFile.empty() ? model.chatTemplateFile : templateFile.str();
  if (file.empty())
    return source;
  auto text = readText(file);
  if (!text)
    return text.takeError();
  source.text = *text;
  source.path = file;
  return source;
}

} // namespace phidias
