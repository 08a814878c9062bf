// {% ... %}: if, for, set and their ends.
#include "Parser.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace phidias::jinja {

NodeId Parser::parseTemplate(SmallVector<NodeId> before) {
  before.push_back(parseBody({}));
  return b.add(Op::Body, 1, before);
}

/// Whether a block that starts here is called one of `names`.
bool Parser::isBlock(ArrayRef<StringRef> names) const {
  return now().kind == TokenKind::BlockBegin && is_contained(names, tokens[at + 1].text);
}

void Parser::endBlock() {
  if (now().kind != TokenKind::BlockEnd)
    fail("expected the end of the block" +
         (now().text.empty() ? "" : ", got '" + Twine(now().text) + "'").str());
  advance();
}

/// Statements up to a block called one of `ends`, which is left where it is.
NodeId Parser::parseBody(ArrayRef<StringRef> ends) {
  unsigned line = now().line;
  Ids statements;
  while (!ended() && !isBlock(ends)) {
    if (now().kind == TokenKind::Data) {
      statements.push_back(b.addText(Op::Data, now().line, now().text));
      advance();
    } else {
      statements.push_back(now().kind == TokenKind::EmitBegin ? parseEmit() : parseBlock());
    }
  }
  if (ended() && !ends.empty())
    fail("expected a block '" + ends.back() + "'");
  return b.add(Op::Body, line, statements);
}

NodeId Parser::parseEmit() {
  advance();
  unsigned line = now().line;
  NodeId value = parseExpression();
  if (now().kind != TokenKind::EmitEnd)
    fail(isOp(",") ? "printing a tuple is not supported"
                   : "expected }}, got '" + Twine(now().text) + "'");
  advance();
  return b.add(Op::Emit, line, value);
}

NodeId Parser::parseBlock() {
  advance();
  std::string name = expectName();
  if (!enter())
    return absent();
  NodeId block = name == "if"           ? parseIf()
                 : name == "for"        ? parseFor()
                 : name == "set"        ? parseSet()
                 : name == "break"      ? parseLoopControl(Op::Break)
                 : name == "continue"   ? parseLoopControl(Op::Continue)
                 : name == "generation" ? parseGeneration()
                                        : fail("block '" + Twine(name) + "' is not supported");
  --depth;
  return block;
}

/// After `if` or `elif`; eats the matching endif.
NodeId Parser::parseIf() {
  unsigned line = now().line;
  NodeId condition = parseExpression();
  endBlock();
  NodeId then = parseBody({"elif", "else", "endif"}), otherwise = 0;
  advance();
  if (takeName("elif")) {
    if (!enter())
      return absent();
    otherwise = parseIf();
    --depth;
    return b.add(Op::If, line, {condition, then, otherwise});
  }
  if (takeName("else")) {
    endBlock();
    otherwise = parseBody({"endif"});
    advance();
  } else {
    otherwise = absent();
  }
  advance();
  endBlock();
  return b.add(Op::If, line, {condition, then, otherwise});
}

std::string Parser::parseTargetName() {
  std::string name = expectName();
  static constexpr StringLiteral kTaken[] = {"loop",  "true", "false", "none",  "True",
                                             "False", "None", "self",  "caller"};
  if (is_contained(kTaken, name) || findSignature(phirt::abi::kTemplateFunctions, name) >= 0)
    fail("assigning to '" + Twine(name) + "' is not supported");
  return name;
}

NodeId Parser::parseFor() {
  unsigned line = now().line;
  Ids targets;
  bool parenthesis = takeOp("(");
  do
    targets.push_back(b.addText(Op::Name, line, parseTargetName()));
  while (takeOp(",") && !ended());
  if (parenthesis)
    expectOp(")");
  if (!takeName("in"))
    fail("expected 'in'");
  NodeId list = parseOr();
  NodeId filter = takeName("if") ? parseExpression() : absent();
  if (isName("recursive"))
    fail("recursive loops are not supported");
  endBlock();
  ++loops;
  NodeId body = parseBody({"else", "endfor"}), otherwise = 0;
  --loops;
  advance();
  if (takeName("else")) {
    endBlock();
    otherwise = parseBody({"endfor"});
    advance();
  } else {
    otherwise = absent();
  }
  advance();
  endBlock();
  Ids children = {list, filter, body, otherwise};
  children.append(targets);
  return b.add(Op::For, line, children);
}

/// transformers refuses attributes of a namespace that start with an underscore.
std::string Parser::parseAttributeName() {
  std::string name = expectName();
  if (StringRef(name).starts_with("_"))
    fail("namespace attribute '" + Twine(name) + "' is not supported");
  return name;
}

NodeId Parser::parseSet() {
  unsigned line = now().line;
  std::string name = parseTargetName(), attribute;
  if (takeOp("."))
    attribute = parseAttributeName();
  if (isOp(",") || isOp("|"))
    return fail(isOp(",") ? "set of several names is not supported"
                          : "set with a filter is not supported");
  if (takeOp("=")) {
    NodeId value = parseExpression();
    if (isOp(","))
      fail("a tuple without parentheses is not supported");
    endBlock();
    if (attribute.empty())
      return b.addText(Op::Set, line, name, value);
    return b.addText(Op::SetAttribute, line, attribute, {b.addText(Op::Name, line, name), value});
  }
  if (!attribute.empty())
    fail("a block set of an attribute is not supported");
  endBlock();
  NodeId body = b.add(Op::Scope, line, parseBody({"endset"}));
  advance();
  advance();
  endBlock();
  return b.addText(Op::SetBlock, line, name, body);
}

NodeId Parser::parseLoopControl(Op op) {
  unsigned line = now().line;
  if (loops == 0)
    return fail("break or continue outside a loop");
  endBlock();
  return b.add(op, line);
}

/// transformers' {% generation %}: marks the assistant's part for training, prints its body.
NodeId Parser::parseGeneration() {
  unsigned line = now().line;
  endBlock();
  unsigned around = std::exchange(loops, 0);
  NodeId body = parseBody({"endgeneration"});
  loops = around;
  advance();
  advance();
  endBlock();
  return b.add(Op::Scope, line, body);
}

} // namespace phidias::jinja
