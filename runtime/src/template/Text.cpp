// Building, measuring and cutting texts.
#include "template/Text.h"
#include "phirt/abi/TemplateNames.h"
#include <algorithm>
#include <cstring>

namespace phirt::jinja {

void Text::append(const Text &other) {
  bytes += other.bytes;
  trust += other.trust;
}

void Text::append(std::string_view text, bool trusted) {
  bytes += text;
  trust.append(text.size(), trusted);
}

Text Text::slice(size_t from, size_t to) const {
  Text part;
  part.bytes = bytes.substr(from, to - from);
  part.trust = trust.substr(from, to - from);
  return part;
}

size_t characterSize(std::string_view text, size_t at) {
  auto lead = static_cast<unsigned char>(text[at]);
  size_t size = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (lead >= 0xf8 || at + size > text.size())
    return 1;
  for (size_t i = 1; i < size; ++i)
    if ((text[at + i] & 0xc0) != 0x80)
      return 1;
  return size;
}

uint32_t codePoint(std::string_view character) {
  auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1)
    return lead < 0x80 ? lead : 0xfffd;
  uint32_t point = lead & (0x7f >> character.size());
  for (char next : character.substr(1))
    point = point << 6 | (next & 0x3f);
  return point;
}

size_t characterCount(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); at += characterSize(text, at))
    ++count;
  return count;
}

std::vector<size_t> characterStarts(std::string_view text) {
  std::vector<size_t> starts;
  for (size_t at = 0; at < text.size(); at += characterSize(text, at))
    starts.push_back(at);
  starts.push_back(text.size());
  return starts;
}

/// Whether `character` is one of those to strip.
static bool isStripped(std::string_view character, const Text *characters) {
  if (!characters)
    return abi::isTemplateSpace(codePoint(character));
  std::string_view set = characters->bytes;
  for (size_t at = 0; at < set.size(); at += characterSize(set, at))
    if (set.substr(at, characterSize(set, at)) == character)
      return true;
  return false;
}

/// Where the last character of text[from, to) starts.
static size_t lastCharacter(std::string_view text, size_t from, size_t to) {
  for (size_t size = 2; size <= 4 && size <= to - from; ++size)
    if (characterSize(text.substr(0, to), to - size) == size)
      return to - size;
  return to - 1;
}

Text strip(const Text &text, const Text *characters, bool left, bool right) {
  std::string_view bytes = text.bytes;
  size_t from = 0, to = bytes.size();
  while (left && from < to) {
    size_t size = characterSize(bytes, from);
    if (!isStripped(bytes.substr(from, size), characters))
      break;
    from += size;
  }
  while (right && from < to) {
    size_t last = lastCharacter(bytes, from, to);
    if (!isStripped(bytes.substr(last, to - last), characters))
      break;
    to = last;
  }
  return text.slice(from, to);
}

size_t findText(std::string_view text, std::string_view needle, size_t from) {
  if (from > text.size())
    return std::string_view::npos;
  if (needle.empty())
    return from;
  // Not string_view::find: that takes quadratic time on texts made for it.
  const void *at = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  return at ? static_cast<const char *>(at) - text.data() : std::string_view::npos;
}

bool isAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace phirt::jinja
