// Splits a template into data, tags and the tokens inside tags.
#include "Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace phidias::jinja {

Error templateError(StringRef path, unsigned line, const Twine &what) {
  return createStringError(inconvertibleErrorCode(), path + ":" + Twine(line) + ": " + what);
}

namespace {
class Lexer {
public:
  Lexer(StringRef source, StringRef path) : rest(source), path(path) {}
  Error run();
  std::vector<Token> tokens;

private:
  StringRef rest, path;
  unsigned line = 1;
  bool lineStart = true; ///< what was consumed last ended a line
  std::string open;      ///< brackets that wait for their partner

  Error fail(const Twine &what) { return templateError(path, line, what); }
  void push(TokenKind kind, std::string text) { tokens.push_back({kind, std::move(text), line}); }
  StringRef take(size_t count);
  void pushData(StringRef text, char sign, bool emit);
  void takeTagEnd(size_t count, bool stripAfter, bool newline);
  Error takeComment();
  Error takeTag(bool emit);
  bool takeEnd(bool emit);
  Error takeToken();
  Error takeNumber();
  Error takeString();
  Error takeOperator();
};
} // namespace

StringRef Lexer::take(size_t count) {
  StringRef taken = rest.take_front(count);
  line += taken.count('\n');
  rest = rest.drop_front(taken.size());
  return taken;
}

void Lexer::pushData(StringRef text, char sign, bool emit) {
  unsigned lines = text.count('\n');
  if (sign == '-') {
    text = stripEnd(text);
  } else if (sign != '+' && !emit) {
    // lstrip_blocks: blanks between the start of the line and a block or comment go away.
    size_t start = text.rfind('\n') + 1;
    if ((start > 0 || lineStart) && stripEnd(text.drop_front(start)).empty())
      text = text.take_front(start);
  }
  if (!text.empty())
    push(TokenKind::Data, text.str());
  line += lines;
}

void Lexer::takeTagEnd(size_t count, bool stripAfter, bool newline) {
  StringRef consumed = take(count);
  if (stripAfter)
    consumed = take(rest.size() - stripStart(rest).size());
  else if (newline && rest.starts_with("\n"))
    consumed = take(1);
  lineStart = consumed.ends_with("\n");
}

Error Lexer::takeComment() {
  size_t end = rest.find("#}");
  if (end == StringRef::npos)
    return fail("comment has no end");
  char sign = end > 0 ? rest[end - 1] : ' ';
  takeTagEnd(end + 2, sign == '-', sign != '+');
  return Error::success();
}

bool Lexer::takeEnd(bool emit) {
  StringRef after = rest;
  char sign = ' ';
  if (rest.starts_with("-") || (!emit && rest.starts_with("+")))
    sign = rest[0], after = rest.drop_front();
  if (!open.empty() || !after.starts_with(emit ? "}}" : "%}"))
    return false;
  push(emit ? TokenKind::EmitEnd : TokenKind::BlockEnd, "");
  takeTagEnd(sign == ' ' ? 2 : 3, sign == '-', !emit && sign == ' ');
  return true;
}

Error Lexer::takeTag(bool emit) {
  push(emit ? TokenKind::EmitBegin : TokenKind::BlockBegin, "");
  open.clear();
  while (true) {
    take(rest.size() - stripStart(rest).size());
    if (takeEnd(emit))
      return Error::success();
    if (rest.empty())
      return fail(emit ? "{{ has no end" : "{% has no end");
    if (Error error = takeToken())
      return error;
    if (tokens.back().text == "raw" && tokens[tokens.size() - 2].kind == TokenKind::BlockBegin)
      return fail("block 'raw' is not supported");
  }
}

static bool isNameCharacter(char c) { return isAlnum(c) || c == '_'; }

Error Lexer::takeToken() {
  if (isDigit(rest[0]))
    return takeNumber();
  if (rest[0] == '\'' || rest[0] == '"')
    return takeString();
  if (!isNameCharacter(rest[0]))
    return takeOperator();
  push(TokenKind::Name, take(rest.take_while(isNameCharacter).size()).str());
  return Error::success();
}

Error Lexer::takeNumber() {
  StringRef word = rest.take_while(isNameCharacter);
  StringRef after = rest.drop_front(word.size());
  bool afterDot =
      !tokens.empty() && tokens.back().text == "." && tokens.back().kind == TokenKind::Operator;
  bool fraction = after.size() > 1 && after[0] == '.' && isDigit(after[1]) && !afterDot;
  if (fraction || !all_of(word, isDigit) || (word.size() > 1 && word[0] == '0'))
    return fail("number " + word + " is not supported, only decimal integers are");
  push(TokenKind::Integer, take(word.size()).str());
  return Error::success();
}

Error Lexer::takeString() {
  size_t end = 1;
  while (end < rest.size() && rest[end] != rest[0])
    end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size())
    return fail("string has no end");
  std::string value;
  if (std::string problem = unescape(rest.slice(1, end), value); !problem.empty())
    return fail(problem);
  push(TokenKind::String, std::move(value));
  take(end + 1);
  return Error::success();
}

Error Lexer::takeOperator() {
  static constexpr StringLiteral kLong[] = {"//", "**", "==", "!=", ">=", "<="};
  size_t size = any_of(kLong, [&](StringRef op) { return rest.starts_with(op); }) ? 2 : 1;
  StringRef op = rest.take_front(size);
  if (size == 1 && !StringRef("+-/*%~[](){}<>=.:|,").contains(op[0]))
    return fail("unexpected character in a tag");
  if (StringRef("([{").contains(op[0]))
    open += op[0];
  if (size_t closes = StringRef(")]}").find(op[0]); closes != StringRef::npos) {
    if (open.empty() || open.back() != "([{"[closes])
      return fail("unexpected '" + op + "'");
    open.pop_back();
  }
  push(TokenKind::Operator, take(size).str());
  return Error::success();
}

Error Lexer::run() {
  while (!rest.empty()) {
    size_t tag = rest.find('{');
    while (tag != StringRef::npos &&
           !(tag + 1 < rest.size() && StringRef("{%#").contains(rest[tag + 1])))
      tag = rest.find('{', tag + 1);
    if (tag == StringRef::npos) {
      push(TokenKind::Data, rest.str());
      break;
    }
    char kind = rest[tag + 1], sign = tag + 2 < rest.size() ? rest[tag + 2] : ' ';
    pushData(rest.take_front(tag), sign, kind == '{');
    rest = rest.drop_front(tag + (sign == '-' || sign == '+' ? 3 : 2));
    if (Error error = kind == '#' ? takeComment() : takeTag(kind == '{'))
      return error;
  }
  push(TokenKind::End, "");
  return Error::success();
}

static std::string normalizeNewlines(StringRef source) {
  std::string lines;
  for (size_t i = 0; i < source.size(); ++i) {
    bool pair = source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n';
    if (!pair)
      lines += source[i] == '\r' ? '\n' : source[i];
  }
  if (StringRef(lines).ends_with("\n"))
    lines.pop_back();
  return lines;
}

Expected<std::vector<Token>> tokenize(StringRef source, StringRef path) {
  std::string normalized = normalizeNewlines(source);
  Lexer lexer(normalized, path);
  if (Error error = lexer.run())
    return std::move(error);
  return std::move(lexer.tokens);
}

} // namespace phidias::jinja
