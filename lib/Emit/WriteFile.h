#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace phidias {

/// Replaces the contents of `path`; its permissions stay. Errors name the file, by `name` where it
/// is known to people by another name than its path.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes, llvm::StringRef name = {});

} // namespace phidias
