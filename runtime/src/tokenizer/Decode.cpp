#include "Impl.h"
#include "Utf8.h"

namespace phirt {

using namespace abi::tokenizer;

std::string Tokenizer::tokenBytes(int32_t id) const {
  const Token *token = impl->table.token(id);
  return token ? std::string(impl->table.text(token->text)) : std::string();
}

bool Tokenizer::isSpecial(int32_t id) const {
  const Token *token = impl->table.token(id);
  return token && token->flags & Token::kSpecial;
}

int64_t Tokenizer::vocabSize() const { return impl->table.vocab(); }

/// Fallback bytes in a row are one text, or, if they form none, one U+FFFD each.
static void flushBytes(std::string &run, std::string &out) {
  if (utf8::isValid(run))
    out += run;
  else
    for (size_t i = 0; i < run.size(); ++i)
      out += utf8::kReplacement;
  run.clear();
}

static std::string decodeBytes(const TokenizerTable &table, std::span<const int32_t> ids,
                               bool skipSpecial) {
  std::string bytes, out;
  for (int32_t id : ids)
    if (const Token *token = table.token(id);
        token && !(skipSpecial && token->flags & Token::kSpecial))
      bytes += table.text(token->text);
  utf8::appendValid(bytes, out);
  return out;
}

static std::string decodeCharacters(const TokenizerTable &table, std::span<const int32_t> ids,
                                    bool skipSpecial) {
  std::string run, out;
  for (int32_t id : ids) {
    const Token *token = table.token(id);
    if (!token || (skipSpecial && token->flags & Token::kSpecial))
      continue;
    std::string_view text = table.text(token->text);
    if (token->flags & Token::kByte) {
      run += text;
      continue;
    }
    flushBytes(run, out);
    out += text;
  }
  flushBytes(run, out);
  return out;
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool skipSpecialTokens) const {
  bool byteLevel = impl->table.has(kByteLevel);
  auto decodeAll = byteLevel ? decodeBytes : decodeCharacters;
  std::string text = decodeAll(impl->table, ids, skipSpecialTokens);
  if (impl->table.has(kStripFirstSpace) && text.starts_with(' '))
    text.erase(0, 1);
  return text;
}

StreamDecoder::StreamDecoder(const Tokenizer &tokenizer, bool skipSpecialTokens)
    : tokenizer(tokenizer), skipSpecialTokens(skipSpecialTokens) {
  constexpr size_t kCut = 3; // bytes of a character that is not complete yet
  size_t bytes = kCut + tokenizer.impl->table.longestToken();
  most = (kCut + bytes) * utf8::kReplacement.size();
  pending.reserve(bytes);
  ready.reserve(most);
}

/// Moves the first bytes of what is pending to what is ready.
void StreamDecoder::take(size_t length) {
  size_t start = ready.size();
  utf8::appendValid(std::string_view(pending).substr(0, length), ready);
  pending.erase(0, length);
  if (!first || ready.size() == start)
    return;
  first = false;
  if (tokenizer.impl->table.has(kStripFirstSpace) && ready[start] == ' ')
    ready.erase(start, 1);
}

std::string_view StreamDecoder::push(int32_t id) {
  const TokenizerTable &table = tokenizer.impl->table;
  const Token *token = table.token(id);
  ready.clear();
  if (!token || (skipSpecialTokens && token->flags & Token::kSpecial))
    return {};
  // Only fallback bytes may finish what fallback bytes began.
  if (!table.has(kByteLevel) && !(token->flags & Token::kByte))
    take(pending.size());
  pending += table.text(token->text);
  take(pending.size() - utf8::cutTail(pending));
  return ready;
}

std::string_view StreamDecoder::finish() {
  ready.clear();
  take(pending.size());
  return ready;
}

} // namespace phirt
