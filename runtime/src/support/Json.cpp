#include "support/Json.h"
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

namespace phirt {

using Json = nlohmann::json;

std::string toJson(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string toJson(std::span<const int32_t> ids) {
  std::string text = "[";
  for (int32_t id : ids)
    text += (text.size() > 1 ? "," : "") + std::to_string(id);
  return text + "]";
}

std::string toJson(double number) { return Json(number).dump(); }
std::string toJson(int64_t number) { return std::to_string(number); }

Result<std::string> parseJsonString(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_string())
    return error("expected a JSON string");
  return json.get<std::string>();
}

Result<std::vector<int32_t>> parseJsonIds(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_array())
    return error("expected a JSON array of token ids");
  std::vector<int32_t> ids;
  for (const Json &id : json) {
    if (!id.is_number_unsigned() || id.get<uint64_t>() > INT32_MAX)
      return error("expected a token id, got " + id.dump().substr(0, 40));
    ids.push_back(id.get<int32_t>());
  }
  return ids;
}

} // namespace phirt
