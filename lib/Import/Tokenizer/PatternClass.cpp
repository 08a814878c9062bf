// Escapes and bracket expressions of a pre-token pattern.

#include "PatternClass.h"
#include "Parts.h"
#include "llvm/ADT/StringExtras.h"

namespace phidias::tokenizer {

static Escape setEscape(ClassSet set, bool negative) {
  return {negative ? complement(set) : std::move(set), ""};
}

/// \p{Name} or \P{Name}; `rest` starts after the letter.
static llvm::Expected<Escape> readProperty(llvm::StringRef &rest, bool negative) {
  if (!rest.consume_front("{"))
    return fail("\\p without braces is not supported");
  size_t end = rest.find('}');
  if (end == llvm::StringRef::npos)
    return fail("\\p without a closing brace");
  llvm::StringRef name = rest.take_front(end);
  rest = rest.drop_front(end + 1);
  negative ^= name.consume_front("^");
  bool ours = name == "Space" || name.starts_with("Word") || name == "Numeric";
  std::optional<ClassSet> set = ours ? std::nullopt : classNamed(name);
  if (!set)
    return fail("Unicode class {0} is not supported", name);
  return setEscape(std::move(*set), negative);
}

static llvm::Expected<Escape> readCodePoint(llvm::StringRef &rest, char letter) {
  llvm::StringRef digits;
  if (letter == 'x' && rest.consume_front("{")) {
    digits = rest.take_until([](char c) { return c == '}'; });
    rest = rest.drop_front(std::min(rest.size(), digits.size() + 1));
  } else {
    digits = rest.take_front(letter == 'x' ? 2 : 4);
    rest = rest.drop_front(digits.size());
  }
  uint32_t codePoint;
  if (digits.getAsInteger(16, codePoint) || codePoint > 0x10FFFF)
    return fail("bad code point \\{0}{1}", letter, digits);
  return Escape{std::nullopt, "\\x{" + llvm::utohexstr(codePoint) + "}"};
}

llvm::Expected<Escape> readEscape(llvm::StringRef &rest) {
  if (rest.size() < 2)
    return fail("lone backslash at the end");
  char letter = rest[1];
  rest = rest.drop_front(2);
  switch (letter) {
  case 'p':
  case 'P':
    return readProperty(rest, letter == 'P');
  case 's':
  case 'S':
    return setEscape(*classNamed("Space"), letter == 'S');
  case 'd':
  case 'D':
    return setEscape(*classNamed("Nd"), letter == 'D');
  case 'w':
  case 'W':
    return setEscape(*classNamed("Word"), letter == 'W');
  case 'x':
  case 'u':
    return readCodePoint(rest, letter);
  case 'r':
  case 'n':
  case 't':
  case 'f':
    return Escape{std::nullopt, std::string("\\") + letter};
  default:
    break;
  }
  if (llvm::isAlnum(letter) || static_cast<unsigned char>(letter) >= 0x80)
    return fail("escape \\{0} is not supported", letter);
  return Escape{std::nullopt, std::string("\\") + letter};
}

llvm::Expected<std::string> readBracket(llvm::StringRef &rest) {
  rest = rest.drop_front();
  std::string text = rest.consume_front("^") ? "[^" : "[";
  if (rest.starts_with("]"))
    return fail("a class that starts with ] is not supported");
  while (!rest.empty() && rest.front() != ']') {
    if (rest.front() == '[' || rest.starts_with("&&"))
      return fail("sets inside a class are not supported");
    if (rest.front() != '\\') {
      text += rest.front();
      rest = rest.drop_front();
      continue;
    }
    llvm::Expected<Escape> escape = readEscape(rest);
    if (!escape)
      return escape.takeError();
    text += escape->set ? bracketText(*escape->set) : escape->text;
  }
  if (!rest.consume_front("]"))
    return fail("a class without its closing bracket");
  return text + "]";
}

} // namespace phidias::tokenizer
