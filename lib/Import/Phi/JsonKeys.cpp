#include "JsonKeys.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace phidias {

static std::string rangeText(Range<int64_t> range) {
  return formatv("an integer from {0} to {1}", range.least, range.most).str();
}

static std::string rangeText(Range<double> range) {
  return "a number from " + describeJson(range.least) + " to " + describeJson(range.most);
}

template <class T> static bool isWithin(std::optional<T> value, Range<T> range) {
  return value && *value >= range.least && *value <= range.most;
}

const json::Value *JsonKeys::find(StringRef key) const {
  const json::Value *value = object.get(key);
  return value && value->kind() != json::Value::Null ? value : nullptr;
}

Error JsonKeys::error(StringRef key, const Twine &what) const {
  return createStringError("%s: key %s%s: %s", path.c_str(), prefix.c_str(), key.str().c_str(),
                           what.str().c_str());
}

Error JsonKeys::wrong(StringRef key, const Twine &expected) const {
  const json::Value *value = find(key);
  return error(key, "expected " + expected + ", got " + (value ? describeJson(*value) : "nothing"));
}

Error JsonKeys::require(StringRef key) const {
  return find(key) ? Error::success() : error(key, "is missing");
}

Error JsonKeys::integer(int64_t &target, StringRef key, Range<int64_t> range) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  if (!isWithin(value->getAsInteger(), range))
    return wrong(key, rangeText(range));
  target = *value->getAsInteger();
  return Error::success();
}

Error JsonKeys::real(double &target, StringRef key, Range<double> range) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  if (!isWithin(value->getAsNumber(), range))
    return wrong(key, rangeText(range));
  target = *value->getAsNumber();
  return Error::success();
}

Error JsonKeys::boolean(bool &target, StringRef key) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  if (!value->getAsBoolean())
    return wrong(key, "true or false");
  target = *value->getAsBoolean();
  return Error::success();
}

Error JsonKeys::text(std::string &target, StringRef key) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  if (!value->getAsString())
    return wrong(key, "a string");
  target = value->getAsString()->str();
  return Error::success();
}

Error JsonKeys::reals(std::vector<double> &target, StringRef key, Range<double> range) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  const json::Array *array = value->getAsArray();
  if (!array)
    return wrong(key, "an array of numbers");
  target.clear();
  for (const json::Value &entry : *array) {
    if (!isWithin(entry.getAsNumber(), range))
      return error(key, "expected " + rangeText(range) + " at every index, got " +
                            describeJson(entry) + " at index " + Twine(target.size()));
    target.push_back(*entry.getAsNumber());
  }
  return Error::success();
}

Error JsonKeys::integers(std::vector<int64_t> &target, StringRef key, Range<int64_t> range) const {
  const json::Value *value = find(key);
  if (!value)
    return Error::success();
  const json::Array single{*value};
  const json::Array *array = value->getAsArray() ? value->getAsArray() : &single;
  target.clear();
  for (const json::Value &entry : *array) {
    if (!isWithin(entry.getAsInteger(), range))
      return error(key, "expected " + rangeText(range) + " or a list, got " + describeJson(entry));
    target.push_back(*entry.getAsInteger());
  }
  return Error::success();
}

} // namespace phidias
