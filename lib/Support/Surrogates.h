#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace phidias {

/// JSON text with its surrogate pairs ("\ud83d\ude00") as UTF-8: llvm::json combines the halves
/// with | instead of +, which is wrong from U+20000 on.
std::string joinSurrogates(llvm::StringRef text);

} // namespace phidias
