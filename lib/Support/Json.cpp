#include "phidias/Support/Json.h"
#include "Surrogates.h"
#include "phidias/Support/MapFile.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace phidias {
namespace {

/// llvm::json's parser, which alone reads surrogate pairs wrong.
Expected<json::Value> parseValue(StringRef text) {
  bool mayHavePairs = text.contains("\\ud") || text.contains("\\uD");
  return json::parse(mayHavePairs ? joinSurrogates(text) : text);
}

/// Walks over the text's brackets, strings and commas. Where the text is no JSON it may see
/// anything: the parser stops there, and has gone no deeper than this walk before.
class Scan {
public:
  Scan(StringRef text, StringRef path, unsigned mostDepth)
      : text(text), path(path), mostDepth(mostDepth) {}

  Error run() {
    for (; at < text.size(); ++at)
      if (Error failure = step(text[at]))
        return failure;
    return Error::success();
  }

private:
  Error step(char c) {
    if (c == '"')
      return string();
    if (c == '{' || c == '[')
      return open(c == '{');
    if ((c == '}' || c == ']') && !levels.empty())
      levels.pop_back();
    if (c == ',' || c == ':')
      expectsKey = c == ',' && !levels.empty() && levels.back().object;
    return Error::success();
  }

  Error open(bool object) {
    if (levels.size() == mostDepth)
      return error("nested deeper than " + Twine(mostDepth) + " levels");
    levels.push_back({object, {}});
    expectsKey = object;
    return Error::success();
  }

  Error string() {
    size_t start = at++;
    while (at < text.size() && text[at] != '"')
      at += text[at] == '\\' ? 2 : 1;
    bool key = std::exchange(expectsKey, false);
    if (!key || at >= text.size() || levels.empty())
      return Error::success();
    std::string name = unescape(text.slice(start, at + 1));
    if (levels.back().keys.insert(name).second)
      return Error::success();
    at = start;
    return error("key '" + name + "' occurs twice");
  }

  /// Two spellings of a key are one key.
  static std::string unescape(StringRef quoted) {
    if (!quoted.contains('\\'))
      return quoted.drop_front().drop_back().str();
    auto value = parseValue(quoted);
    if (value)
      return value->getAsString().value_or("").str();
    consumeError(value.takeError());
    return quoted.str();
  }

  Error error(const Twine &what) const {
    return createStringError("%s: at byte %zu: %s", path.str().c_str(), at, what.str().c_str());
  }

  struct Level {
    bool object;
    StringSet<> keys;
  };
  StringRef text, path;
  size_t mostDepth, at = 0;
  std::vector<Level> levels;
  bool expectsKey = false;
};

} // namespace

Expected<json::Value> parseJson(StringRef text, StringRef path, JsonLimits limits) {
  if (text.size() > limits.mostBytes)
    return createStringError("%s: expected at most %llu bytes of JSON, got %zu", path.str().c_str(),
                             static_cast<unsigned long long>(limits.mostBytes), text.size());
  if (Error failure = Scan(text, path, limits.mostDepth).run())
    return failure;
  auto value = parseValue(text);
  if (!value)
    return createStringError("%s: no JSON: %s", path.str().c_str(),
                             toString(value.takeError()).c_str());
  return value;
}

Expected<json::Object> parseJsonObject(StringRef text, StringRef path, JsonLimits limits) {
  auto value = parseJson(text, path, limits);
  if (!value)
    return value.takeError();
  if (json::Object *object = value->getAsObject())
    return std::move(*object);
  return createStringError("%s: expected a JSON object, got %s", path.str().c_str(),
                           describeJson(*value).c_str());
}

Expected<json::Object> readJsonObject(StringRef path, JsonLimits limits) {
  auto file = mapFile(path);
  if (!file)
    return file.takeError();
  return parseJsonObject((*file)->getBuffer(), path, limits);
}

std::string describeJson(const json::Value &value) {
  if (const json::Array *array = value.getAsArray())
    return "an array of " + std::to_string(array->size());
  if (value.getAsObject())
    return "an object";
  std::string text;
  raw_string_ostream out(text);
  if (value.kind() == json::Value::Number && !value.getAsInteger())
    out << format("%g", *value.getAsNumber());
  else
    out << value;
  return text.size() <= 60 ? text : "a long string";
}

} // namespace phidias
