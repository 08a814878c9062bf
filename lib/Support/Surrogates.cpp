#include "Surrogates.h"
#include "llvm/Support/ConvertUTF.h"
#include <optional>

using namespace llvm;

namespace phidias {

/// The unit of an escape "\uXXXX" at the front of `text`, if it lies in [low, low + 0x400).
static std::optional<uint32_t> surrogate(StringRef text, uint32_t low) {
  uint32_t unit;
  if (!text.starts_with("\\u") || text.size() < 6 || text.substr(2, 4).getAsInteger(16, unit))
    return std::nullopt;
  return unit >= low && unit < low + 0x400 ? std::optional(unit) : std::nullopt;
}

std::string joinSurrogates(StringRef text) {
  std::string out;
  for (size_t at; (at = text.find('\\')) != StringRef::npos;) {
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
    ConvertCodePointToUTF8(0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), end);
    out.append(buffer, end);
    text = text.drop_front(12);
  }
  return out += text;
}

} // namespace phidias
