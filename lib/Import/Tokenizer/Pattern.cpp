// Copies a pattern construct by construct. A construct that is not known to mean the same in both
// syntaxes is refused: ^ and $ match at lines in Ruby's, {n}+ is no possessive repeat there.

#include "Pattern.h"
#include "Parts.h"
#include "PatternClass.h"
#include "llvm/ADT/StringExtras.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace phidias::tokenizer {

static constexpr unsigned kMaxDepth = 50;
static constexpr size_t kMaxPattern = 4096;

static llvm::Error readGroup(llvm::StringRef &rest, std::string &out) {
  for (llvm::StringRef open : {"(?:", "(?i:", "(?!", "(?=", "(?<!", "(?<=", "(?>"})
    if (rest.consume_front(open)) {
      out += open;
      return llvm::Error::success();
    }
  if (rest.starts_with("(?") || rest.starts_with("(*"))
    return fail("group {0} is not supported", rest.take_front(4));
  rest = rest.drop_front();
  out += "(?:";
  return llvm::Error::success();
}

static llvm::Error readRepeat(llvm::StringRef &rest, std::string &out) {
  size_t end = rest.find('}');
  llvm::StringRef body = end == llvm::StringRef::npos ? "" : rest.slice(1, end);
  auto [low, high] = body.split(',');
  unsigned number;
  auto bad = [&](llvm::StringRef s) { return s.getAsInteger(10, number) || number > 1000; };
  if (bad(low) || (!high.empty() && bad(high)))
    return fail("repeat {0} is not supported", rest.take_front(8));
  out += rest.take_front(end + 1);
  rest = rest.drop_front(end + 1);
  if (rest.starts_with("+") || rest.starts_with("?"))
    return fail("{0} after a counted repeat is not supported", rest.take_front(1));
  return llvm::Error::success();
}

static llvm::Error readAtom(llvm::StringRef &rest, std::string &out) {
  char c = rest.front();
  if (c == '^' || c == '$')
    return fail("{0} is not supported", c);
  if (c == '[') {
    llvm::Expected<std::string> bracket = readBracket(rest);
    if (!bracket)
      return bracket.takeError();
    out += *bracket;
    return llvm::Error::success();
  }
  if (c == '\\') {
    llvm::Expected<Escape> escape = readEscape(rest);
    if (!escape)
      return escape.takeError();
    out += escape->set ? "[" + bracketText(*escape->set) + "]" : escape->text;
    return llvm::Error::success();
  }
  out += c == '.' ? "[^\\n]" : std::string(1, c);
  rest = rest.drop_front();
  return llvm::Error::success();
}

static llvm::Error readConstruct(llvm::StringRef &rest, std::string &out, int &depth) {
  if (rest.front() == '(') {
    if (++depth > static_cast<int>(kMaxDepth))
      return fail("more than {0} groups inside each other", kMaxDepth);
    return readGroup(rest, out);
  }
  if (rest.front() == '{')
    return readRepeat(rest, out);
  if (rest.front() == ')' && --depth < 0)
    return fail("a closing parenthesis too many");
  return readAtom(rest, out);
}

/// Programs compile the pattern when they start; whether it can be is found out now.
static llvm::Error checkCompiles(const std::string &pattern) {
  int code;
  PCRE2_SIZE offset;
  auto *text = reinterpret_cast<PCRE2_SPTR>(pattern.data());
  pcre2_code *compiled = pcre2_compile(text, pattern.size(), PCRE2_UTF, &code, &offset, nullptr);
  if (compiled) {
    pcre2_code_free(compiled);
    return llvm::Error::success();
  }
  PCRE2_UCHAR message[128] = {};
  pcre2_get_error_message(code, message, sizeof(message));
  return fail("{0}", reinterpret_cast<const char *>(message));
}

static llvm::Error translate(llvm::StringRef rest, std::string &out) {
  if (rest.size() > kMaxPattern)
    return fail("longer than {0} bytes", kMaxPattern);
  int depth = 0;
  while (!rest.empty())
    if (llvm::Error error = readConstruct(rest, out, depth))
      return error;
  return checkCompiles(out);
}

llvm::Expected<std::string> translatePattern(llvm::StringRef pattern) {
  std::string out;
  if (llvm::Error error = translate(pattern, out))
    return fail("pattern {0}: {1}", pattern.take_front(200), llvm::toString(std::move(error)));
  return out;
}

std::string literalPattern(llvm::StringRef text) {
  std::string pattern;
  for (char c : text) {
    if (!llvm::isAlnum(c) && static_cast<unsigned char>(c) < 0x80)
      pattern += '\\';
    pattern += c;
  }
  return pattern;
}

} // namespace phidias::tokenizer
