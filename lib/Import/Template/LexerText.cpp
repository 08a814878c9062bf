// Texts of a template: white space as Python has it, and the escapes of string literals.
#include "Lexer.h"
#include "phirt/abi/TemplateNames.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace phidias::jinja {

/// The code point of one whole UTF-8 character.
static uint32_t codePoint(StringRef character) {
  const auto *at = character.bytes_begin();
  UTF32 point = 0;
  convertUTF8Sequence(&at, character.bytes_end(), &point, lenientConversion);
  return point;
}

StringRef stripEnd(StringRef text) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && (text[start] & 0xc0) == 0x80)
      --start;
    if (!phirt::abi::isTemplateSpace(codePoint(text.substr(start))))
      break;
    text = text.take_front(start);
  }
  return text;
}

StringRef stripStart(StringRef text) {
  while (!text.empty()) {
    size_t length = std::min<size_t>(getNumBytesForUTF8(text[0]), text.size());
    if (!phirt::abi::isTemplateSpace(codePoint(text.take_front(length))))
      break;
    text = text.drop_front(length);
  }
  return text;
}

/// \x, \u, \U: `digits` hexadecimal digits that name a code point.
static bool unescapeHex(StringRef &rest, unsigned digits, std::string &value) {
  uint32_t point = 0;
  if (rest.size() < digits || rest.take_front(digits).getAsInteger(16, point))
    return false;
  rest = rest.drop_front(digits);
  char bytes[4], *end = bytes;
  if (!ConvertCodePointToUTF8(point, end))
    return false;
  value.append(bytes, end);
  return true;
}

static void unescapeOctal(StringRef &rest, std::string &value) {
  size_t digits = std::min<size_t>(3, std::min(rest.find_first_not_of("01234567"), rest.size()));
  uint32_t point = 0;
  rest.take_front(digits).getAsInteger(8, point);
  rest = rest.drop_front(digits);
  char bytes[4], *end = bytes;
  ConvertCodePointToUTF8(point, end);
  value.append(bytes, end);
}

/// `rest` starts after a backslash.
static bool unescapeOne(StringRef &rest, std::string &value) {
  static constexpr StringLiteral kNames = "abfnrtv\\'\"", kValues = "\a\b\f\n\r\t\v\\'\"";
  if (rest[0] >= '0' && rest[0] <= '7')
    return unescapeOctal(rest, value), true;
  char name = rest[0];
  rest = rest.drop_front();
  if (size_t at = kNames.find(name); at != StringRef::npos)
    value += kValues[at];
  else if (name == 'x' || name == 'u' || name == 'U')
    return unescapeHex(rest, name == 'x' ? 2 : name == 'u' ? 4 : 8, value);
  else if (name == 'N')
    return false;
  else if (name != '\n')
    value += {'\\', name};
  return true;
}

std::string unescape(StringRef literal, std::string &value) {
  while (!literal.empty()) {
    size_t plain = std::min(literal.find('\\'), literal.size());
    value += literal.take_front(plain);
    literal = literal.drop_front(plain);
    if (literal.empty())
      break;
    literal = literal.drop_front();
    std::string shown = ("\\" + literal.take_front(1)).str();
    if (literal.empty() || !unescapeOne(literal, value))
      return "escape " + shown + " is not supported in a string";
  }
  return "";
}

} // namespace phidias::jinja
