#pragma once
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace phidias {

/// Maps a file read-only. An error where it is missing, empty or no file.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> mapFile(llvm::StringRef path);

} // namespace phidias
