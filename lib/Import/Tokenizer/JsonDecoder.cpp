// `normalizer` and `decoder` of a tokenizer.json.

#include "Json.h"

namespace phidias::tokenizer {

using llvm::json::Object;
using llvm::json::Value;

static llvm::Error readReplace(const Object &object, llvm::StringRef where, std::string &from,
                               std::string &to) {
  std::optional<llvm::StringRef> pattern = stringPattern(object),
                                 content = object.getString("content");
  if (!pattern || pattern->empty() || !content)
    return fail("{0} Replace needs pattern.String and content", where);
  if (pattern->size() > 64 || content->size() > 64)
    return fail("{0} Replace is longer than 64 bytes", where);
  from = pattern->str();
  to = content->str();
  return llvm::Error::success();
}

/// Replacements one upon the other can grow a text exponentially.
static llvm::Error checkGrowth(llvm::StringRef where, size_t &growth, llvm::StringRef from,
                               llvm::StringRef to) {
  growth *= std::max<size_t>(1, to.size() / from.size());
  return growth <= 64 ? llvm::Error::success()
                      : fail("{0} makes text more than 64 times as long", where);
}

static llvm::Error readNormalStep(const Object &object, Parts &parts) {
  llvm::StringRef type = typeOf(object);
  Normalizer step{abi::Normalizer::kPrepend, "", object.getString("prepend").value_or("").str()};
  if (type == "Replace") {
    step.kind = abi::Normalizer::kReplace;
    if (llvm::Error error = readReplace(object, "normalizer", step.from, step.to))
      return error;
  } else if (type != "Prepend" || step.to.empty() || step.to.size() > 64) {
    return fail("normalizer {0} is not supported", type);
  }
  parts.normalizers.push_back(std::move(step));
  return llvm::Error::success();
}

llvm::Error readNormalizer(const Value &value, Parts &parts) {
  std::vector<const Object *> steps = sequenceOf(value, "normalizers");
  if (steps.size() > 4)
    return fail("normalizer has {0} steps, at most 4 are supported", steps.size());
  for (const Object *step : steps)
    if (llvm::Error error = readNormalStep(*step, parts))
      return error;
  size_t growth = 1;
  for (const Normalizer &n : parts.normalizers)
    if (n.kind == abi::Normalizer::kReplace)
      if (llvm::Error error = checkGrowth("normalizer", growth, n.from, n.to))
        return error;
  return llvm::Error::success();
}

/// Strip may take one space from the front and nothing from the end.
static bool stripsFirstSpace(const Object &strip) {
  return strip.getString("content") == llvm::StringRef(" ") && strip.getInteger("start") == 1 &&
         strip.getInteger("stop") == 0;
}

/// The form of SentencePiece models: Replace*, ByteFallback, Fuse, Strip?.
static llvm::Error readSentencePieceDecoder(llvm::ArrayRef<const Object *> steps, Parts &parts) {
  size_t growth = 1;
  for (; !steps.empty() && typeOf(*steps.front()) == "Replace"; steps = steps.drop_front()) {
    auto &[from, to] = parts.decodeReplaces.emplace_back();
    if (llvm::Error error = readReplace(*steps.front(), "decoder", from, to))
      return error;
    if (llvm::Error error = checkGrowth("decoder", growth, from, to))
      return error;
  }
  if (steps.size() < 2 || typeOf(*steps[0]) != "ByteFallback" || typeOf(*steps[1]) != "Fuse")
    return fail(
        "decoder is not supported: expected ByteLevel or Replace, ByteFallback, Fuse, Strip");
  steps = steps.drop_front(2);
  if (!steps.empty() && typeOf(*steps[0]) == "Strip" && stripsFirstSpace(*steps[0])) {
    parts.flags |= abi::kStripFirstSpace;
    steps = steps.drop_front();
  }
  return steps.empty() ? llvm::Error::success()
                       : fail("decoder {0} is not supported here", typeOf(*steps[0]));
}

llvm::Error readDecoder(const Value &value, Parts &parts) {
  std::vector<const Object *> steps = sequenceOf(value, "decoders");
  if (steps.size() > 16)
    return fail("decoder has {0} steps, at most 16 are supported", steps.size());
  bool byteLevel = steps.size() == 1 && typeOf(*steps[0]) == "ByteLevel";
  if (byteLevel != bool(parts.flags & abi::kByteLevel))
    return fail("decoder and pre_tokenizer disagree about ByteLevel");
  return byteLevel ? llvm::Error::success() : readSentencePieceDecoder(steps, parts);
}

} // namespace phidias::tokenizer
