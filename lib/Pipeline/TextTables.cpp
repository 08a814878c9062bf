#include "TextTables.h"
#include "phidias/Import/Template/ChatTemplate.h"
#include "phidias/Import/Tokenizer/Tokenizer.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace phidias {
namespace {

/// A template, where it stands, and the names that it may read.
struct TemplateSource {
  std::string text, path;
  TemplateGlobals globals;
};

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

Error readTokenizerConfig(const Model &model, TemplateSource &source) {
  auto text = readText(model.tokenizerConfigJson);
  if (!text)
    return text.takeError();
  auto config = json::parse(*text);
  if (!config || !config->getAsObject()) {
    consumeError(config.takeError());
    return createStringError("%s: expected a JSON object", model.tokenizerConfigJson.c_str());
  }
  for (const auto &[key, value] : *config->getAsObject())
    if (StringRef(key).ends_with("_token"))
      if (auto token = tokenText(value))
        source.globals[key] = *token;
  if (auto own = config->getAsObject()->getString("chat_template")) {
    source.text = own->str();
    source.path = model.tokenizerConfigJson;
  }
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

Expected<std::vector<uint8_t>> compileTokenizer(const Model &model,
                                                std::vector<std::string> &warnings) {
  if (!model.gguf && model.tokenizerJson.empty()) {
    warnings.push_back(model.checkpoint.path +
                       ": has no tokenizer.json; the program takes token ids only");
    return std::vector<uint8_t>();
  }
  if (model.gguf && !model.gguf->contains("tokenizer.ggml.tokens")) {
    warnings.push_back(model.checkpoint.path +
                       ": has no tokenizer; the program takes token ids only");
    return std::vector<uint8_t>();
  }
  auto table = model.gguf
                   ? tokenizerFromGguf(*model.gguf, model.checkpoint.path, model.config.vocab)
                   : tokenizerFromJson(model.tokenizerJson, model.config.vocab);
  if (!table)
    return table.takeError();
  return std::move(table->bytes);
}

} // namespace

Expected<TextTables> compileText(const Model &model, StringRef templateFile,
                                 std::vector<std::string> &warnings) {
  TextTables tables;
  auto tokenizer = compileTokenizer(model, warnings);
  if (!tokenizer)
    return tokenizer.takeError();
  tables.tokenizer = std::move(*tokenizer);
  auto source = findTemplate(model, templateFile);
  if (!source)
    return source.takeError();
  if (source->text.empty()) {
    warnings.push_back(model.checkpoint.path + ": has no chat template; prompts are taken raw");
    return tables;
  }
  auto compiled = compileChatTemplate(source->text, source->path, source->globals);
  if (!compiled)
    return compiled.takeError();
  tables.chatTemplate = std::move(*compiled);
  return tables;
}

} // namespace phidias
