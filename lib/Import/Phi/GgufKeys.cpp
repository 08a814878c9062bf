#include "GgufKeys.h"
#include <cmath>

using namespace llvm;

namespace phidias {

const GgufValue *GgufKeys::find(const Twine &key) const {
  auto at = metadata.find(key.str());
  return at == metadata.end() ? nullptr : &at->second;
}

Error GgufKeys::error(const Twine &key, const Twine &what) const {
  return createStringError("%s: key %s: %s", path.str().c_str(), key.str().c_str(),
                           what.str().c_str());
}

Expected<int64_t> GgufKeys::integer(const Twine &key, std::optional<int64_t> preset) const {
  const GgufValue *value = find(key);
  if (!value && preset)
    return *preset;
  if (!value)
    return error(key, "is missing");
  if (auto *number = std::get_if<uint64_t>(value); number && *number <= INT64_MAX)
    return static_cast<int64_t>(*number);
  if (auto *number = std::get_if<int64_t>(value))
    return *number;
  return error(key, "expected an integer");
}

Expected<double> GgufKeys::real(const Twine &key, std::optional<double> preset) const {
  const GgufValue *value = find(key);
  if (!value && preset)
    return *preset;
  if (!value)
    return error(key, "is missing");
  if (auto *number = std::get_if<double>(value); number && std::isfinite(*number))
    return *number;
  return error(key, "expected a finite number");
}

Expected<StringRef> GgufKeys::text(const Twine &key) const {
  const GgufValue *value = find(key);
  if (!value)
    return error(key, "is missing");
  if (auto *text = std::get_if<StringRef>(value))
    return *text;
  return error(key, "expected a string");
}

} // namespace phidias
