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

static Error checkFactors(ArrayRef<double> factors, StringRef name, int64_t count, StringRef path) {
  if (static_cast<int64_t>(factors.size()) != count)
    return wrong(path, name, Twine(count) + " factors", Twine(factors.size()));
  for (double factor : factors)
    if (!(factor > 0) || !std::isfinite(factor))
      return wrong(path, name, "positive numbers", std::to_string(factor));
  return Error::success();
}

static Error checkRope(const RopeConfig &rope, int64_t headDim, StringRef path) {
  if (rope.rotaryDim < 2 || rope.rotaryDim % 2 != 0 || rope.rotaryDim > headDim)
    return wrong(path, "rotary channels", "an even number up to " + Twine(headDim),
                 Twine(rope.rotaryDim));
  if (!(rope.theta > 0) || !std::isfinite(rope.theta))
    return wrong(path, "rope theta", "a positive number", std::to_string(rope.theta));
  if (!(rope.attentionFactor > 0) || !std::isfinite(rope.attentionFactor))
    return wrong(path, "rope attention factor", "a positive number",
                 std::to_string(rope.attentionFactor));
  if (rope.longFactor.empty() && rope.shortFactor.empty())
    return Error::success();
  if (rope.originalContext < 2 || rope.originalContext > kMostSize)
    return wrong(path, "original context length", "2 to " + Twine(kMostSize),
                 Twine(rope.originalContext));
  if (Error failure = checkFactors(rope.longFactor, "long rope factors", rope.rotaryDim / 2, path))
    return failure;
  return checkFactors(rope.shortFactor, "short rope factors", rope.rotaryDim / 2, path);
}

Error checkConfig(const ModelConfig &c, StringRef path) {
  if (Error failure = checkSizes(c, path))
    return failure;
  if (c.heads % c.kvHeads != 0)
    return wrong(path, "heads", "a multiple of " + Twine(c.kvHeads), Twine(c.heads));
  if (c.heads * c.headDim > kMostSize)
    return wrong(path, "heads x head size", "at most " + Twine(kMostSize),
                 Twine(c.heads * c.headDim));
  if (c.slidingWindow && (*c.slidingWindow < 1 || *c.slidingWindow > INT32_MAX))
    return wrong(path, "sliding window", "1 to " + Twine(INT32_MAX), Twine(*c.slidingWindow));
  if (!(c.normEps >= 0) || !std::isfinite(c.normEps))
    return wrong(path, "norm eps", "a number of at least 0", std::to_string(c.normEps));
  return checkRope(c.rope, c.headDim, path);
}

} // namespace phidias
