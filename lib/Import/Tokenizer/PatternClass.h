#pragma once
#include "ClassSet.h"
#include "llvm/Support/Error.h"

namespace phidias::tokenizer {

/// An escape: either a set, or text that means the same in both syntaxes.
struct Escape {
  std::optional<ClassSet> set;
  std::string text;
};

/// Reads the escape at the front of `rest` (which starts with a backslash) and drops it.
llvm::Expected<Escape> readEscape(llvm::StringRef &rest);

/// Reads the bracket expression at the front of `rest` and drops it; gives it back translated.
llvm::Expected<std::string> readBracket(llvm::StringRef &rest);

} // namespace phidias::tokenizer
