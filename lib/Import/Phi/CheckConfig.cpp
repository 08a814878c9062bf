#include "PhiInternal.h"
#include <cmath>

using namespace llvm;

namespace phidias {

// Far above any model, and low enough that products of two never overflow.
static constexpr int64_t kMostSize = 1 << 24;
static constexpr int64_t kMostLayers = 4096;

static Error wrong(StringRef path, StringRef name, const Twine &expected, const Twine &got) {
  return createStringError("%s: %s: expected %s, got %s", path.str().c_str(), name.str().c_str(),
                           expected.str().c_str(), got.str().c_str());
}

static Error checkSizes(const ModelConfig &c, StringRef path) {
  struct Size {
    StringLiteral name;
    int64_t value, most;
  } sizes[] = {
      {"hidden size", c.hidden, kMostSize},    {"layers", c.layers, kMostLayers},
      {"heads", c.heads, kMostSize},           {"key/value heads", c.kvHeads, kMostSize},
      {"head size", c.headDim, 1 << 16},       {"intermediate size", c.intermediate, kMostSize},
      {"vocabulary size", c.vocab, kMostSize}, {"context length", c.maxContext, 1 << 24}};
  for (const Size &size : sizes)
    if (size.value < 1 || size.value > size.most)
      return wrong(path, size.name, "1 to " + Twine(size.most), Twine(size.value));
  return Error::success();
}

Error checkConfig(const ModelConfig &c, StringRef path) {
  if (Error failure = checkSizes(c, path))
    return failure;
  if (c.heads % c.kvHeads != 0)
    return wrong(path, "heads", "a multiple of " + Twine(c.kvHeads), Twine(c.heads));
  if (c.heads * c.headDim > kMostSize)
    return wrong(path, "heads x head size", "at most " + Twine(kMostSize),
                 Twine(c.heads * c.headDim));
  if (c.rope.rotaryDim < 2 || c.rope.rotaryDim % 2 != 0 || c.rope.rotaryDim > c.headDim)
    return wrong(path, "rotary channels", "an even number up to " + Twine(c.headDim),
                 Twine(c.rope.rotaryDim));
  if (!(c.rope.theta > 0) || !std::isfinite(c.rope.theta))
    return wrong(path, "rope theta", "a positive number", std::to_string(c.rope.theta));
  if (!(c.normEps >= 0) || !std::isfinite(c.normEps))
    return wrong(path, "norm eps", "a number of at least 0", std::to_string(c.normEps));
  return Error::success();
}

} // namespace phidias
