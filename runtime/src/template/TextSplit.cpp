// Splitting, replacing and changing the case of texts.
#include "phirt/abi/TemplateNames.h"
#include "template/Text.h"
#include <algorithm>

namespace phirt::jinja {

static constexpr size_t kNone = std::string_view::npos;

size_t countText(const Text &text, const Text &part, int64_t limit) {
  size_t count = 0, at = 0;
  while (limit != 0 && (at = findText(text.bytes, part.bytes, at)) != kNone)
    ++count, --limit, at += part.size();
  return count;
}

size_t replacedSize(const Text &text, const Text &old, const Text &with, int64_t limit) {
  size_t count = countText(text, old, limit);
  return text.size() - count * old.size() + count * with.size();
}

Text replace(const Text &text, const Text &old, const Text &with, int64_t limit) {
  Text result;
  size_t done = 0;
  for (size_t at; limit != 0 && (at = findText(text.bytes, old.bytes, done)) != kNone; --limit) {
    result.append(text.slice(done, at));
    result.append(with);
    done = at + old.size();
  }
  result.append(text.slice(done, text.size()));
  return result;
}

static int64_t boundParts(int64_t limit) {
  return limit < 0 ? kMaxParts : std::min(limit, kMaxParts);
}

std::vector<Text> split(const Text &text, std::string_view separator, int64_t limit) {
  limit = boundParts(limit);
  std::vector<Text> parts;
  size_t done = 0;
  for (size_t at; limit != 0 && (at = findText(text.bytes, separator, done)) != kNone; --limit) {
    parts.push_back(text.slice(done, at));
    done = at + separator.size();
  }
  parts.push_back(text.slice(done, text.size()));
  return parts;
}

std::vector<Text> splitFromRight(const Text &text, std::string_view separator, int64_t limit) {
  limit = boundParts(limit);
  std::vector<Text> parts;
  size_t end = text.size();
  for (size_t at; limit != 0 && end >= separator.size() &&
                  (at = text.bytes.rfind(separator, end - separator.size())) != kNone;
       --limit) {
    parts.push_back(text.slice(at + separator.size(), end));
    end = at;
  }
  parts.push_back(text.slice(0, end));
  std::ranges::reverse(parts);
  return parts;
}

std::vector<Text> splitAtSpace(const Text &text) {
  std::vector<Text> parts;
  std::string_view bytes = text.bytes;
  size_t start = 0, size = 0;
  for (size_t at = 0; at < bytes.size() && parts.size() < kMaxParts; at += size) {
    size = characterSize(bytes, at);
    if (!abi::isTemplateSpace(codePoint(bytes.substr(at, size))))
      continue;
    if (at > start)
      parts.push_back(text.slice(start, at));
    start = at + size;
  }
  if (start < bytes.size())
    parts.push_back(text.slice(start, bytes.size()));
  return parts;
}

static bool isLower(char c) { return c >= 'a' && c <= 'z'; }
static bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
static bool isLetter(char c) { return isLower(c) || isUpper(c); }

/// Whether a word starts after `previous`.
static bool startsWord(char previous, Case how) {
  if (how == Case::TitleMethod)
    return !isLetter(previous);
  return how == Case::TitleFilter &&
         (abi::isTemplateSpace(previous) || std::string_view("-({[<").contains(previous));
}

Text changeCase(Text text, Case how) {
  char previous = ' ';
  for (size_t i = 0; i < text.size(); ++i) {
    char &c = text.bytes[i];
    bool upper =
        how == Case::Upper || (how == Case::Capitalize && i == 0) || startsWord(previous, how);
    previous = c;
    if (upper ? isLower(c) : isUpper(c))
      c ^= 0x20;
  }
  return text;
}

} // namespace phirt::jinja
