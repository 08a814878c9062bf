// The parser's hands: tokens, failures, nesting.
#include "Parser.h"

using namespace llvm;

namespace phidias::jinja {

/// Deepest nesting of statements and expressions in a source, counted in the parser's own levels.
static constexpr unsigned kMaxNesting = 200;

NodeId Parser::fail(const Twine &what) {
  if (failure.empty()) {
    failure = what.str();
    failureLine = now().line;
  }
  at = tokens.size() - 1;
  return absent();
}

bool Parser::enter() {
  if (++depth <= kMaxNesting)
    return true;
  fail("nested too deeply");
  return false;
}

bool Parser::takeOp(StringRef op) {
  bool found = isOp(op);
  if (found)
    advance();
  return found;
}

bool Parser::takeName(StringRef name) {
  bool found = isName(name);
  if (found)
    advance();
  return found;
}

std::string Parser::expectName() {
  std::string name = now().text;
  if (now().kind != TokenKind::Name)
    fail("expected a name" + (name.empty() ? "" : ", got '" + name + "'"));
  advance();
  return name;
}

void Parser::expectOp(StringRef op) {
  if (!takeOp(op))
    fail("expected '" + op + "'" + (now().text.empty() ? "" : ", got '" + now().text + "'"));
}

int findSignature(ArrayRef<phirt::abi::TemplateSignature> table, StringRef name) {
  for (auto [index, signature] : enumerate(table))
    if (signature.name == std::string_view(name))
      return index;
  return -1;
}

} // namespace phidias::jinja
