#pragma once
#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// What a program carries to turn text into tokens; empty where the checkpoint has none.
struct TextTables {
  std::vector<uint8_t> tokenizer, chatTemplate;
};

/// Compiles tokenizer and chat template. `templateFile`, where not empty, replaces the checkpoint's
/// own template. What is missing is a line in `warnings`; what cannot be compiled is an error.
llvm::Expected<TextTables> compileText(const Model &model, llvm::StringRef templateFile,
                                       std::vector<std::string> &warnings);

} // namespace phidias
