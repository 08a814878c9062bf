// What each token decodes to.

#include "ByteAlphabet.h"
#include "TableLayout.h"
#include "llvm/ADT/STLExtras.h"

namespace phidias::tokenizer {

static size_t vocabOf(const Parts &parts) {
  size_t vocab = parts.keys.size();
  for (const AddedToken &token : parts.added)
    vocab = std::max<size_t>(vocab, token.id + 1);
  return vocab;
}

/// The bytes of a token when decoded.
static std::string decoded(const Parts &parts, llvm::StringRef key) {
  if (parts.flags & abi::kByteLevel)
    return bytesOfSpelling(key).value_or(key.str());
  std::string text = key.str();
  for (const auto &[from, to] : parts.decodeReplaces)
    text = replaceAll(text, from, to);
  return text;
}

/// "<0x41>" as the reference spells fallback bytes.
static std::optional<uint8_t> fallbackByte(llvm::StringRef key) {
  uint8_t byte;
  if (key.size() != 6 || !key.consume_front("<0x") || !key.consume_back(">") ||
      key.getAsInteger(16, byte))
    return std::nullopt;
  return byte;
}

static Spelling spellingOf(const Parts &parts, llvm::StringRef key, uint32_t flags) {
  bool byteLevel = parts.flags & abi::kByteLevel;
  if (std::optional<uint8_t> byte = byteLevel ? std::nullopt : fallbackByte(key))
    return {std::string(1, static_cast<char>(*byte)), flags | abi::NamedToken::kByte};
  if (byteLevel && !bytesOfSpelling(key))
    flags |= abi::NamedToken::kHidden;
  return {decoded(parts, key), flags};
}

std::vector<Spelling> spellingsOf(const Parts &parts) {
  std::vector<Spelling> tokens(vocabOf(parts));
  for (const auto &[id, key] : llvm::enumerate(parts.keys))
    if (!key.empty())
      tokens[id] = spellingOf(parts, key, 0);
  // A token that is found in normalised text also decodes as it looks there.
  for (const AddedToken &token : parts.added)
    tokens[token.id] =
        spellingOf(parts, token.normalized ? normalize(parts, token.content) : token.content,
                   abi::NamedToken::kHidden | (token.special ? abi::NamedToken::kSpecial : 0u));
  return tokens;
}

} // namespace phidias::tokenizer
