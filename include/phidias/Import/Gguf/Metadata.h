#pragma once
/// The key-value section of a GGUF file. Strings point into the mapped file.

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <variant>
#include <vector>

namespace phidias {

using GgufValue =
    std::variant<uint64_t, int64_t, double, bool, llvm::StringRef, std::vector<llvm::StringRef>,
                 std::vector<int64_t>, std::vector<double>>;
using GgufMetadata = llvm::StringMap<GgufValue>;

} // namespace phidias
