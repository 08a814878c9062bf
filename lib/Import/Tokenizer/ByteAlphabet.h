#pragma once
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace phidias::tokenizer {

/// The bytes that a token of a byte-level vocabulary stands for: GPT-2 spells each byte as one
/// printable character
/// ("Ġ" is a space). None where a character spells no byte.
std::optional<std::string> bytesOfSpelling(llvm::StringRef spelling);

/// The character that spells `byte`, as UTF-8.
std::string spellingOfByte(uint8_t byte);

} // namespace phidias::tokenizer
