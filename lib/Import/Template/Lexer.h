#pragma once
/// Jinja's lexer as transformers sets it up: trim_blocks, lstrip_blocks, one trailing newline
/// dropped.

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace phidias::jinja {

enum class TokenKind {
  Data,
  EmitBegin,
  EmitEnd,
  BlockBegin,
  BlockEnd,
  Name,
  String,
  Integer,
  Operator,
  End
};

struct Token {
  TokenKind kind;
  std::string text; ///< of Data and String: the value, whitespace control and escapes applied
  unsigned line;    ///< from 1
};

/// "path:line: what", the form of every error of this room.
llvm::Error templateError(llvm::StringRef path, unsigned line, const llvm::Twine &what);

/// The tokens of `source`, the last one End.
llvm::Expected<std::vector<Token>> tokenize(llvm::StringRef source, llvm::StringRef path);

/// The value of a string literal's inside: Python's unicode-escape. An error text, or empty.
std::string unescape(llvm::StringRef literal, std::string &value);

/// `text` without white space at its end / its start, as Python's str.isspace has it.
llvm::StringRef stripEnd(llvm::StringRef text);
llvm::StringRef stripStart(llvm::StringRef text);

} // namespace phidias::jinja
