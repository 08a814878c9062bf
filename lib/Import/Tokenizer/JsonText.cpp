#include "JsonText.h"
#include "Parts.h"
#include "llvm/Support/ConvertUTF.h"

namespace phidias::tokenizer {

static bool nestsDeeper(llvm::StringRef text, int most) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString && c == '\\')
      ++i;
    else if (c == '"')
      inString = !inString;
    else if (!inString && (c == '[' || c == '{') && ++depth > most)
      return true;
    else if (!inString && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

/// The unit of an escape "\uXXXX" at the front of `text`, if it lies in [low, low + 0x400).
static std::optional<uint32_t> surrogate(llvm::StringRef text, uint32_t low) {
  uint32_t unit;
  if (!text.starts_with("\\u") || text.size() < 6 || text.substr(2, 4).getAsInteger(16, unit))
    return std::nullopt;
  return unit >= low && unit < low + 0x400 ? std::optional(unit) : std::nullopt;
}

/// Surrogate pairs as UTF-8.
static std::string joinSurrogates(llvm::StringRef text) {
  std::string out;
  for (size_t at; (at = text.find('\\')) != llvm::StringRef::npos;) {
    out += text.take_front(at);
    text = text.drop_front(at);
    auto high = surrogate(text, 0xD800),
         low = surrogate(text.drop_front(std::min<size_t>(6, text.size())), 0xDC00);
    if (!high || !low) {
      out += text.take_front(2); // an escaped backslash starts no escape
      text = text.drop_front(std::min<size_t>(2, text.size()));
      continue;
    }
    char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = buffer;
    llvm::ConvertCodePointToUTF8(0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), end);
    out.append(buffer, end);
    text = text.drop_front(12);
  }
  return out += text;
}

llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, int mostDepth) {
  if (nestsDeeper(text, mostDepth))
    return fail("nested deeper than {0} levels", mostDepth);
  bool escapes = text.contains("\\ud") || text.contains("\\uD");
  return llvm::json::parse(escapes ? joinSurrogates(text) : text.str());
}

} // namespace phidias::tokenizer
