#include "phirt/ChatTemplate.h"
#include "template/Evaluator.h"

namespace phirt {

Result<ChatTemplate> ChatTemplate::open(abi::Blob blob) {
  Result<jinja::Program> program = jinja::viewTemplate(blob);
  if (!program)
    return std::unexpected(program.error());
  if (Status status = jinja::checkTemplate(*program); !status)
    return std::unexpected(status.error());
  ChatTemplate opened;
  opened.blob = blob;
  return opened;
}

/// Runs of bytes of one provenance. A border never falls inside a character: each came from one
/// place.
static std::vector<Piece> toPieces(const jinja::Text &text) {
  std::vector<Piece> pieces;
  for (size_t start = 0, end = 0; start < text.size(); start = end) {
    end = std::min(text.trust.find(text.trust[start] ? '\0' : '\1', start), text.size());
    pieces.push_back({text.bytes.substr(start, end - start), text.trust[start] != 0});
  }
  return pieces;
}

Result<std::vector<Piece>> ChatTemplate::render(std::span<const Message> messages,
                                                bool addGenerationPrompt) const {
  Result<jinja::Program> program = jinja::viewTemplate(blob);
  if (!program)
    return std::unexpected(program.error());
  Result<jinja::Text> text = jinja::Evaluator(*program).run(messages, addGenerationPrompt);
  if (!text)
    return std::unexpected(text.error());
  return toPieces(*text);
}

} // namespace phirt
