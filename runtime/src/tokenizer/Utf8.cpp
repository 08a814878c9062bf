#include "Utf8.h"

namespace phirt::utf8 {

namespace {
/// What a first byte promises: bytes of the character, and the bounds of its second byte.
struct Lead {
  unsigned length, low, high;
};
} // namespace

static Lead leadOf(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF)
    return {2, 0x80, 0xBF};
  if (c >= 0xE0 && c <= 0xEF)
    return {3, c == 0xE0 ? 0xA0u : 0x80u, c == 0xED ? 0x9Fu : 0xBFu};
  if (c >= 0xF0 && c <= 0xF4)
    return {4, c == 0xF0 ? 0x90u : 0x80u, c == 0xF4 ? 0x8Fu : 0xBFu};
  return {0, 0, 0};
}

Unit read(std::string_view bytes) {
  unsigned char first = bytes[0];
  if (first < 0x80)
    return {first, 1, true, false};
  Lead lead = leadOf(first);
  if (!lead.length)
    return {0, 1, false, false};
  uint32_t codePoint = first & (0x7Fu >> lead.length);
  for (size_t i = 1; i < lead.length; ++i) {
    if (i == bytes.size())
      return {0, i, false, true};
    unsigned char c = bytes[i];
    if (c < (i == 1 ? lead.low : 0x80) || c > (i == 1 ? lead.high : 0xBF))
      return {0, i, false, false};
    codePoint = codePoint << 6 | (c & 0x3F);
  }
  return {codePoint, lead.length, true, false};
}

void appendValid(std::string_view bytes, std::string &out) {
  while (!bytes.empty()) {
    Unit unit = read(bytes);
    out += unit.valid ? bytes.substr(0, unit.length) : kReplacement;
    bytes.remove_prefix(unit.length);
  }
}

size_t cutTail(std::string_view bytes) {
  for (size_t length = 1; length <= 3 && length <= bytes.size(); ++length) {
    Unit unit = read(bytes.substr(bytes.size() - length));
    if (unit.cut && unit.length == length)
      return length;
  }
  return 0;
}

bool isValid(std::string_view bytes) {
  while (!bytes.empty()) {
    Unit unit = read(bytes);
    if (!unit.valid)
      return false;
    bytes.remove_prefix(unit.length);
  }
  return true;
}

size_t previous(std::string_view text, size_t end) {
  size_t start = end - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
    --start;
  return start;
}

bool isSpace(uint32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

} // namespace phirt::utf8
