#pragma once
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace phidias::tokenizer {

/// Code points, as rising ranges that do not touch: [first, last].
using ClassSet = std::vector<std::pair<uint32_t, uint32_t>>;

/// \p{name}: a general category ("Lu"), a group of them ("L"), "Han", or, for other parts of this
/// library, "Space"
/// (\s), "Word" (\w), "WordEdge" (\w to single_word tokens), "Numeric" (what the Digits
/// pre-tokenizer splits off). None for an unknown name.
std::optional<ClassSet> classNamed(llvm::StringRef name);

/// Everything else but surrogates.
ClassSet complement(const ClassSet &set);

/// The set inside brackets of PCRE2's syntax, without the brackets.
std::string bracketText(const ClassSet &set);

} // namespace phidias::tokenizer
