#include "args/Numbers.h"
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace phirt {

static std::unexpected<Error> badValue(std::string_view name, std::string_view text,
                                       const std::string &expected) {
  return error(std::string(name) + ": expected " + expected + ", got '" + std::string(text) + "'");
}

Result<int64_t> parseInteger(std::string_view name, std::string_view text, int64_t low,
                             int64_t high) {
  int64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isNumber = failure == std::errc() && end == text.data() + text.size();
  if (isNumber && value >= low && value <= high)
    return value;
  std::string range = "a whole number from " + std::to_string(low);
  return badValue(name, text, high == INT64_MAX ? range : range + " to " + std::to_string(high));
}

static std::string plain(double value) {
  char text[32];
  snprintf(text, sizeof text, "%g", value); // std::to_chars would carry 100 KB of tables along
  return text;
}

Result<double> parseReal(std::string_view name, std::string_view text, double low, double high) {
  // strtod, in the C locale that programs keep: std::from_chars would carry 30 KB of tables along.
  // It also takes spaces, a plus, hexadecimal digits and names, which are no numbers here.
  std::string copy(text);
  char *end = nullptr;
  double value = strtod(copy.c_str(), &end);
  bool isPlain = text.find_first_not_of("0123456789+-.eE") == text.npos && !text.starts_with('+');
  bool isNumber = isPlain && !text.empty() && end == copy.c_str() + copy.size();
  if (isNumber && std::isfinite(value) && value >= low && value <= high)
    return value;
  return badValue(name, text, "a number from " + plain(low) + " to " + plain(high));
}

static std::string_view trim(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<std::vector<int32_t>> parseTokens(std::string_view name, std::string_view text) {
  std::vector<int32_t> ids;
  for (size_t start = 0; start <= text.size();) {
    size_t comma = std::min(text.find(',', start), text.size());
    auto id = parseInteger(name, trim(text.substr(start, comma - start)), 0, INT32_MAX);
    if (!id)
      return std::unexpected(id.error());
    ids.push_back(static_cast<int32_t>(*id));
    start = comma + 1;
  }
  return ids;
}

} // namespace phirt
