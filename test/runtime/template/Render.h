#pragma once
/// Compiles and renders a template in one step.

#include "phidias/Import/Template/ChatTemplate.h"
#include "phirt/ChatTemplate.h"
#include "phirt/abi/Template.h"
#include <gtest/gtest.h>

using Conversation = std::vector<phirt::Message>;

inline llvm::Expected<std::vector<uint8_t>> compile(llvm::StringRef source) {
  phidias::TemplateGlobals globals;
  globals["bos_token"] = "<s>";
  globals["eos_token"] = "</s>";
  return phidias::compileChatTemplate(source, "t.jinja", globals);
}

/// The pieces, or an error of the runtime; the template must compile.
inline phirt::Result<std::vector<phirt::Piece>>
render(llvm::StringRef source, const Conversation &messages, bool generate = false) {
  llvm::Expected<std::vector<uint8_t>> blob = compile(source);
  if (!blob) {
    ADD_FAILURE() << llvm::toString(blob.takeError());
    return phirt::error("does not compile");
  }
  auto opened = phirt::ChatTemplate::open({blob->data(), blob->size()});
  if (!opened)
    return std::unexpected(opened.error());
  return opened->render(messages, generate);
}

/// Trusted pieces as they are, the others in double brackets; or "error: message".
inline std::string marked(const phirt::Result<std::vector<phirt::Piece>> &pieces) {
  if (!pieces)
    return "error: " + pieces.error().message;
  std::string text;
  for (const phirt::Piece &piece : *pieces)
    text += piece.trusted ? piece.text : "⟦" + piece.text + "⟧";
  return text;
}

inline std::string plain(const std::vector<phirt::Piece> &pieces) {
  std::string text;
  for (const phirt::Piece &piece : pieces)
    text += piece.text;
  return text;
}
