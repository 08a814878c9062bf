#include "verbs/Passes.h"
#include "support/Clock.h"
#include "verbs/Prompt.h"
#include <algorithm>

namespace phirt {

std::vector<int32_t> someTokens(int64_t count, int64_t vocab) {
  std::vector<int32_t> tokens(count);
  for (int64_t i = 0; i < count; ++i)
    tokens[i] = static_cast<int32_t>((i * 7919 + 13) % vocab);
  return tokens;
}

Result<double> timePasses(Engine &engine, std::span<const int32_t> tokens, int64_t from, int64_t to,
                          int64_t step, LogitsOf wanted) {
  int64_t boundary = engine.model().originalContext;
  bool longRope = boundary > 0 && to > boundary;
  Clock clock;
  for (int64_t position = from; position < to;) {
    int64_t count = std::min(step, to - position);
    int64_t rows = wanted == LogitsOf::EveryToken ? count : position + count == to;
    auto logits = engine.forward(tokens.subspan(position, count), position, rows, longRope);
    if (!logits)
      return std::unexpected(logits.error());
    position += count;
  }
  return clock.lap();
}

Result<Engine> openForPasses(const abi::Model &model, const Options &options) {
  int64_t length = options.depth + std::max(options.promptTokens, options.newTokens);
  if (options.batch > model.maxTokens)
    return error("--batch " + std::to_string(options.batch) + ": a pass takes " +
                 std::to_string(model.maxTokens) + " tokens at most");
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
  if (!engine)
    return engine;
  if (length > engine->capacity())
    return error("bench: -p, -n and --depth ask for " + std::to_string(length) +
                 " positions, the context has " + std::to_string(engine->capacity()) +
                 " (see --context)");
  std::vector<int32_t> tokens = someTokens(std::max<int64_t>(length, 1), model.vocab);
  // Reads all weights once, so that no run waits for the disk; then fills the depth.
  Result<double> seconds = timePasses(*engine, tokens, 0, 1, 1, LogitsOf::EveryToken);
  if (seconds)
    seconds = timePasses(*engine, tokens, 0, options.depth, model.maxTokens, LogitsOf::LastToken);
  if (!seconds)
    return std::unexpected(seconds.error());
  return engine;
}

} // namespace phirt
