#pragma once
#include "llvm/Support/Error.h"
#include <string>

namespace phidias::tokenizer {

/// A pre-token pattern of a tokenizer.json (Oniguruma, Ruby's syntax) in PCRE2's syntax, with
/// Unicode classes expanded. What the two read differently is refused by name. The result is known
/// to compile.
llvm::Expected<std::string> translatePattern(llvm::StringRef pattern);

/// A pattern that matches `text` itself.
std::string literalPattern(llvm::StringRef text);

/// GPT-2's pattern, which ByteLevel uses where use_regex is true; untranslated.
inline constexpr llvm::StringLiteral
    kGpt2Pattern(R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)");

} // namespace phidias::tokenizer
