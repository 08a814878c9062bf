#pragma once
/// Where a model keeps its tokenizer and chat template, whichever format it came in.

#include "phidias/Import/Phi/Model.h"
#include "phidias/Import/Template/ChatTemplate.h"
#include "phidias/Import/Tokenizer/Tokenizer.h"

namespace phidias {

/// A template, where it stands, and the names that it may read; empty text: the model has none.
struct TemplateSource {
  std::string text, path;
  TemplateGlobals globals;
};

/// The model's tokenizer; nothing where it has none.
llvm::Expected<std::optional<TokenizerTable>> readTokenizer(const Model &model);

/// The model's chat template, or that of `templateFile` where not empty. As in transformers,
/// chat_template.jinja wins over tokenizer_config.json.
llvm::Expected<TemplateSource> findTemplate(const Model &model, llvm::StringRef templateFile);

} // namespace phidias
