#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace phirt::utf8 {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; ///< U+FFFD

/// What starts at the front of some bytes: a character, or the longest start of one (at least a
/// byte).
struct Unit {
  uint32_t codePoint = 0;
  size_t length = 0;
  bool valid = false;
  bool cut = false; ///< not valid, and only because the bytes end
};

/// Reads the front of `bytes`, which must not be empty.
Unit read(std::string_view bytes);

/// Appends `bytes` to `out`, each longest start of a character that is none as one U+FFFD.
void appendValid(std::string_view bytes, std::string &out);

/// How many bytes at the end are the start of a character that is cut.
size_t cutTail(std::string_view bytes);

bool isValid(std::string_view bytes);

/// Where the character that ends at `end` starts; `text` is valid.
size_t previous(std::string_view text, size_t end);

/// Unicode's White_Space.
bool isSpace(uint32_t codePoint);

} // namespace phirt::utf8
