// Expressions, loosest binding first, in the order of Jinja's own grammar.
#include "Parser.h"

using namespace llvm;
using phirt::abi::TemplateBinary;
using phirt::abi::TemplateFunction;

namespace phidias::jinja {

static unsigned code(TemplateBinary op) { return static_cast<unsigned>(op); }

NodeId Parser::parseExpression() {
  if (!enter())
    return absent();
  unsigned line = now().line;
  NodeId value = parseOr();
  while (takeName("if")) {
    NodeId condition = parseOr();
    NodeId otherwise = takeName("else") ? parseExpression() : absent();
    value = b.add(Op::Condition, line, {condition, value, otherwise});
  }
  --depth;
  return value;
}

NodeId Parser::parseOr() {
  NodeId left = parseAnd();
  for (unsigned line = now().line; takeName("or"); line = now().line)
    left = b.add(Op::Or, line, {left, parseAnd()});
  return left;
}

NodeId Parser::parseAnd() {
  NodeId left = parseNot();
  for (unsigned line = now().line; takeName("and"); line = now().line)
    left = b.add(Op::And, line, {left, parseNot()});
  return left;
}

NodeId Parser::parseNot() {
  unsigned line = now().line;
  if (!takeName("not"))
    return parseCompare();
  if (!enter())
    return absent();
  NodeId operand = parseNot();
  --depth;
  return b.add(Op::Not, line, operand);
}

static std::optional<TemplateBinary> comparison(StringRef op) {
  static constexpr StringLiteral kOps[] = {"==", "!=", "<", "<=", ">", ">="};
  for (auto [index, known] : enumerate(kOps))
    if (op == known)
      return static_cast<TemplateBinary>(code(TemplateBinary::Equal) + index);
  return std::nullopt;
}

NodeId Parser::parseCompare() {
  unsigned line = now().line;
  NodeId left = parseSum();
  for (unsigned count = 0;; ++count) {
    std::optional<TemplateBinary> op;
    if (now().kind == TokenKind::Operator)
      op = comparison(now().text);
    else if (isName("in"))
      op = TemplateBinary::In;
    else if (isName("not") && tokens[at + 1].kind == TokenKind::Name && tokens[at + 1].text == "in")
      op = TemplateBinary::NotIn;
    if (!op)
      return left;
    if (count > 0)
      return fail("a chain of comparisons is not supported");
    advance();
    if (op == TemplateBinary::NotIn)
      advance();
    left = b.add(Op::Binary, line, {left, parseSum()}, code(*op));
  }
}

NodeId Parser::parseSum() {
  NodeId left = parseConcat();
  while (isOp("+") || isOp("-")) {
    TemplateBinary op = isOp("+") ? TemplateBinary::Add : TemplateBinary::Subtract;
    unsigned line = now().line;
    advance();
    left = b.add(Op::Binary, line, {left, parseConcat()}, code(op));
  }
  return left;
}

NodeId Parser::parseConcat() {
  NodeId left = parseProduct();
  for (unsigned line = now().line; takeOp("~"); line = now().line)
    left = b.add(Op::Concat, line, {left, parseProduct()});
  return left;
}

NodeId Parser::parseProduct() {
  NodeId left = parseUnary(true);
  while (isOp("*") || isOp("//") || isOp("%")) {
    TemplateBinary op = isOp("*")    ? TemplateBinary::Multiply
                        : isOp("//") ? TemplateBinary::FloorDivide
                                     : TemplateBinary::Modulo;
    unsigned line = now().line;
    advance();
    left = b.add(Op::Binary, line, {left, parseUnary(true)}, code(op));
  }
  if (isOp("/") || isOp("**"))
    return fail("operator '" + Twine(now().text) + "' is not supported");
  return left;
}

NodeId Parser::parseUnary(bool withFilter) {
  unsigned line = now().line;
  if (!enter())
    return absent();
  NodeId value;
  if (takeOp("-"))
    value = b.add(Op::Negate, line, parseUnary(false));
  else if (isOp("+"))
    value = fail("unary + is not supported");
  else
    value = parsePrimary();
  value = parsePostfix(value);
  if (withFilter)
    value = parseFilterExpression(value);
  --depth;
  return value;
}

NodeId Parser::parsePrimary() {
  unsigned line = now().line;
  if (now().kind == TokenKind::Name)
    return parseName();
  if (now().kind == TokenKind::String)
    return parseString();
  if (now().kind == TokenKind::Integer) {
    int64_t value = 0;
    if (StringRef(now().text).getAsInteger(10, value))
      return fail("integer " + Twine(now().text) + " does not fit 64 bits");
    advance();
    return b.add(Op::Int, line, {}, 0, value);
  }
  if (takeOp("("))
    return parseParenthesis();
  if (takeOp("["))
    return parseList();
  if (takeOp("{"))
    return parseDict();
  return fail("expected an expression" + (now().text.empty() ? "" : ", got '" + now().text + "'"));
}

NodeId Parser::parseName() {
  unsigned line = now().line;
  std::string name = expectName();
  if (name == "true" || name == "True" || name == "false" || name == "False")
    return b.add(Op::Bool, line, {}, 0, name == "true" || name == "True");
  if (name == "none" || name == "None")
    return b.add(Op::None, line);
  int function = findSignature(phirt::abi::kTemplateFunctions, name);
  if (function >= 0)
    return b.add(Op::Function, line, {}, function);
  static constexpr StringLiteral kUnsupported[] = {"dict",   "lipsum", "cycler",
                                                   "joiner", "self",   "caller"};
  if (is_contained(kUnsupported, name))
    return fail("'" + Twine(name) + "' is not supported");
  return b.addText(Op::Name, line, name);
}

/// Adjacent literals are one.
NodeId Parser::parseString() {
  unsigned line = now().line;
  std::string value;
  for (; now().kind == TokenKind::String; advance())
    value += now().text;
  return b.addText(Op::Str, line, value);
}

NodeId Parser::parseParenthesis() {
  unsigned line = now().line;
  if (takeOp(")"))
    return b.add(Op::Tuple, line);
  Ids items = {parseExpression()};
  bool tuple = isOp(",");
  while (takeOp(",") && !isOp(")") && !ended())
    items.push_back(parseExpression());
  expectOp(")");
  return tuple ? b.add(Op::Tuple, line, items) : items.front();
}

NodeId Parser::parseList() {
  unsigned line = now().line;
  Ids items;
  while (!isOp("]") && !ended()) {
    items.push_back(parseExpression());
    if (!isOp("]"))
      expectOp(",");
  }
  expectOp("]");
  return b.add(Op::List, line, items);
}

NodeId Parser::parseDict() {
  unsigned line = now().line;
  Ids items;
  while (!isOp("}") && !ended()) {
    items.push_back(parseExpression());
    expectOp(":");
    items.push_back(parseExpression());
    if (!isOp("}"))
      expectOp(",");
  }
  expectOp("}");
  return b.add(Op::Dict, line, items);
}

} // namespace phidias::jinja
