#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// Replaces the contents of `path`; its permissions stay. Errors name the file.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes);

} // namespace phidias
