// `pre_tokenizer` of a tokenizer.json: Split, Digits and ByteLevel, alone or in a Sequence.

#include "ClassSet.h"
#include "Json.h"
#include "Pattern.h"

namespace phidias::tokenizer {

using llvm::json::Object;
using llvm::json::Value;

std::vector<const Object *> sequenceOf(const Value &value, llvm::StringRef key) {
  std::vector<const Object *> members;
  const Object *object = value.getAsObject();
  if (!object)
    return members;
  const llvm::json::Array *list = object->getArray(key);
  if (typeOf(*object) != "Sequence" || !list)
    return {object};
  for (const Value &member : *list)
    if (const Object *inner = member.getAsObject())
      members.push_back(inner);
  return members;
}

static std::optional<abi::Step::Kind> splitKind(llvm::StringRef behavior, bool invert) {
  if (behavior == "Isolated")
    return abi::Step::kIsolate; // either way round, all of the text stays
  if (behavior == "Removed")
    return invert ? abi::Step::kKeepMatches : abi::Step::kDropMatches;
  return std::nullopt;
}

static llvm::Error readSplit(const Object &split, Parts &parts) {
  llvm::StringRef behavior = split.getString("behavior").value_or("");
  auto kind = splitKind(behavior, split.getBoolean("invert").value_or(false));
  if (!kind)
    return fail("pre_tokenizer Split behavior '{0}' is not supported", behavior);
  const Object *pattern = split.getObject("pattern");
  auto regex = pattern ? pattern->getString("Regex") : std::nullopt;
  auto literal = stringPattern(split);
  if (!regex && (!literal || literal->empty() || literal->size() >= kMaxTokenBytes))
    return fail("pre_tokenizer Split has no pattern");
  llvm::Expected<std::string> text = regex ? translatePattern(*regex) : literalPattern(*literal);
  if (!text)
    return fail("pre_tokenizer Split {0}", llvm::toString(text.takeError()));
  parts.steps.push_back({*kind, std::move(*text)});
  return llvm::Error::success();
}

static llvm::Error readDigits(const Object &digits, Parts &parts) {
  bool each = digits.getBoolean("individual_digits").value_or(false);
  std::string set = "[" + bracketText(*classNamed("Numeric")) + "]";
  parts.steps.push_back({abi::Step::kIsolate, set + (each ? "" : "+")});
  return llvm::Error::success();
}

static llvm::Error readByteLevel(const Object &byteLevel, Parts &parts) {
  if (byteLevel.getBoolean("add_prefix_space").value_or(true))
    parts.steps.push_back({abi::Step::kPrefixSpace, ""});
  parts.flags |= abi::kByteLevel;
  if (!byteLevel.getBoolean("use_regex").value_or(true))
    return llvm::Error::success();
  llvm::Expected<std::string> pattern = translatePattern(kGpt2Pattern);
  if (!pattern)
    return pattern.takeError();
  parts.steps.push_back({abi::Step::kIsolate, std::move(*pattern)});
  return llvm::Error::success();
}

static llvm::Error readStep(const Object &step, Parts &parts) {
  llvm::StringRef type = typeOf(step);
  if (parts.flags & abi::kByteLevel)
    return fail("pre_tokenizer {0} after ByteLevel is not supported", type);
  if (type == "Split")
    return readSplit(step, parts);
  if (type == "Digits")
    return readDigits(step, parts);
  if (type == "ByteLevel")
    return readByteLevel(step, parts);
  return fail("pre_tokenizer {0} is not supported", type);
}

llvm::Error readPreTokenizer(const Value &value, Parts &parts) {
  std::vector<const Object *> steps = sequenceOf(value, "pretokenizers");
  if (steps.size() > 16)
    return fail("pre_tokenizer has {0} steps, at most 16 are supported", steps.size());
  for (const Object *step : steps)
    if (llvm::Error error = readStep(*step, parts))
      return error;
  return llvm::Error::success();
}

} // namespace phidias::tokenizer
