#include "TextTables.h"
#include "phidias/Import/ModelText.h"

using namespace llvm;

namespace phidias {
namespace {

Expected<std::vector<uint8_t>> compileTokenizer(const Model &model,
                                                std::vector<std::string> &warnings) {
  auto table = readTokenizer(model);
  if (!table)
    return table.takeError();
  if (*table)
    return std::move((*table)->bytes);
  warnings.push_back(model.checkpoint.path +
                     (model.gguf ? ": has no tokenizer" : ": has no tokenizer.json") +
                     "; the program takes token ids only");
  return std::vector<uint8_t>();
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
