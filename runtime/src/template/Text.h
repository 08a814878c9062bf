#pragma once
/// Strings of a template that remember, for each byte, whether it came from the template or from a
/// message. Positions in Python are code points, here bytes: these functions translate.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phirt::jinja {

struct Text {
  std::string bytes;
  std::string trust; ///< as long as `bytes`; 1: trusted, 0: what a message contained

  Text() = default;
  Text(std::string_view text, bool trusted) : bytes(text), trust(text.size(), trusted) {}
  size_t size() const { return bytes.size(); }
  void append(const Text &other);
  void append(std::string_view text, bool trusted);
  Text slice(size_t from, size_t to) const; ///< bytes [from, to)
};

/// Bytes of the character that starts at `at`; a byte that starts none is a character of its own.
size_t characterSize(std::string_view text, size_t at);
/// Its code point; 0xfffd for a byte that starts none.
uint32_t codePoint(std::string_view character);
size_t characterCount(std::string_view text);
/// Where each character starts, and at the end the size of the text.
std::vector<size_t> characterStarts(std::string_view text);

/// The part that strip, lstrip or rstrip keeps. No `characters`: white space.
Text strip(const Text &text, const Text *characters, bool left, bool right);

/// Position of `needle` at or after `from`, in linear time; npos where there is none.
size_t findText(std::string_view text, std::string_view needle, size_t from = 0);

/// At most `limit` replacements; negative: all. `old` is not empty.
Text replace(const Text &text, const Text &old, const Text &with, int64_t limit);
/// Bytes that the result of `replace` has.
size_t replacedSize(const Text &text, const Text &old, const Text &with, int64_t limit);

/// How often `part`, which is not empty, occurs without overlap; counting ends at `limit`,
/// negative: never.
size_t countText(const Text &text, const Text &part, int64_t limit);

/// Splitting gives at most so many parts and one with the rest.
inline constexpr int64_t kMaxParts = 1 << 19;

/// At `separator`, at most `limit` times; negative: as often as it occurs.
std::vector<Text> split(const Text &text, std::string_view separator, int64_t limit);
std::vector<Text> splitFromRight(const Text &text, std::string_view separator, int64_t limit);
std::vector<Text> splitAtSpace(const Text &text);

bool isAscii(std::string_view text);
enum class Case { Upper, Lower, Capitalize, TitleFilter, TitleMethod };
/// Of ASCII text. TitleFilter is Jinja's filter, TitleMethod Python's method.
Text changeCase(Text text, Case how);

} // namespace phirt::jinja
