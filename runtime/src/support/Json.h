#pragma once
#include "phirt/Status.h"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phirt {

/// JSON of one value. Invalid UTF-8 becomes U+FFFD; a number that JSON has no form for becomes
/// null.
std::string toJson(std::string_view text);
std::string toJson(std::span<const int32_t> ids);
std::string toJson(double number);
std::string toJson(int64_t number);
/// Text that is JSON already.
struct RawJson {
  std::string text;
};
inline std::string toJson(const RawJson &json) { return json.text; }

Result<std::string> parseJsonString(std::string_view json);
/// An array of numbers, each a possible token id (0 or more).
Result<std::vector<int32_t>> parseJsonIds(std::string_view json);

/// Builds {"key":value,...} in the order of the calls.
class JsonObject {
public:
  template <class Value> JsonObject &add(std::string_view key, const Value &value) {
    text += (text.empty() ? "{" : ",") + toJson(key) + ":" + toJson(value);
    return *this;
  }
  RawJson raw() const { return {(text.empty() ? "{" : text) + "}"}; }
  std::string line() const { return (text.empty() ? "{" : text) + "}\n"; }

private:
  std::string text;
};

} // namespace phirt
