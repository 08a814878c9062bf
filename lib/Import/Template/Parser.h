#pragma once
/// Recursive descent over Jinja's grammar, straight into nodes. The first failure is kept and the
/// input is cut short, so that everything returns; what it returns then is not looked at.

#include "Builder.h"
#include "Lexer.h"
#include "llvm/ADT/SmallVector.h"

namespace phidias::jinja {

class Parser {
public:
  Parser(std::vector<Token> tokens, Builder &builder) : tokens(std::move(tokens)), b(builder) {}

  /// The whole template as a Body of `before` and its statements.
  NodeId parseTemplate(llvm::SmallVector<NodeId> before);

  std::string failure; ///< what the first failure was; empty: none
  unsigned failureLine = 0;

private:
  using Ids = llvm::SmallVector<NodeId>;
  struct Arguments {
    Ids values;
    llvm::SmallVector<std::string> names; ///< empty for a positional one
  };

  // Statements (ParseStatements.cpp)
  NodeId parseBody(llvm::ArrayRef<llvm::StringRef> ends);
  NodeId parseEmit();
  NodeId parseBlock();
  NodeId parseIf();
  NodeId parseFor();
  NodeId parseSet();
  NodeId parseLoopControl(Op op);
  NodeId parseGeneration();
  std::string parseTargetName();
  std::string parseAttributeName();
  bool isBlock(llvm::ArrayRef<llvm::StringRef> names) const;
  void endBlock();

  // Expressions by precedence (ParseExpressions.cpp)
  NodeId parseExpression();
  NodeId parseOr();
  NodeId parseAnd();
  NodeId parseNot();
  NodeId parseCompare();
  NodeId parseSum();
  NodeId parseConcat();
  NodeId parseProduct();
  NodeId parseUnary(bool withFilter);
  NodeId parsePrimary();
  NodeId parseName();
  NodeId parseString();
  NodeId parseParenthesis();
  NodeId parseList();
  NodeId parseDict();

  // What follows a primary (ParsePostfix.cpp)
  NodeId parsePostfix(NodeId value);
  NodeId parseFilterExpression(NodeId value);
  NodeId parseAttribute(NodeId value);
  NodeId parseSubscript(NodeId value);
  NodeId parseCall(NodeId callee);
  NodeId parseFilter(NodeId value);
  NodeId parseSelect(NodeId value, Arguments &arguments, bool select);
  NodeId parseTest(NodeId value);
  Arguments parseArguments();
  Ids bind(const phirt::abi::TemplateSignature &signature, Arguments &arguments);

  const Token &now() const { return tokens[at]; }
  bool isOp(llvm::StringRef op) const {
    return now().kind == TokenKind::Operator && now().text == op;
  }
  bool isName(llvm::StringRef name) const {
    return now().kind == TokenKind::Name && now().text == name;
  }
  bool takeOp(llvm::StringRef op);
  bool takeName(llvm::StringRef name);
  std::string expectName();
  void expectOp(llvm::StringRef op);
  void advance() { at += now().kind != TokenKind::End; }
  bool ended() const { return now().kind == TokenKind::End; }
  NodeId fail(const llvm::Twine &what);
  NodeId absent() { return b.add(Op::Absent, now().line); }
  bool enter(); ///< one level deeper; false, and a failure, where that is too deep

  std::vector<Token> tokens;
  size_t at = 0;
  Builder &b;
  unsigned depth = 0;
  unsigned loops = 0; ///< loops around the current statement
};

/// Finds `name` in a table of signatures; -1: it is not there.
int findSignature(llvm::ArrayRef<phirt::abi::TemplateSignature> table, llvm::StringRef name);

} // namespace phidias::jinja
