#include "model/Engine.h"
#include "support/Clock.h"
#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"
#include <algorithm>

namespace phirt {
namespace {

/// Spread over the vocabulary, so that embeddings are not read from one place.
std::vector<int32_t> someTokens(int64_t count, int64_t vocab) {
  std::vector<int32_t> tokens(count);
  for (int64_t i = 0; i < count; ++i)
    tokens[i] = static_cast<int32_t>((i * 7919 + 13) % vocab);
  return tokens;
}

/// Runs tokens[from, to) in passes of at most `step` tokens, logits of the last token of each;
/// gives the seconds.
double timePasses(Engine &engine, std::span<const int32_t> tokens, int64_t from, int64_t to,
                  int64_t step) {
  int64_t boundary = engine.model().originalContext;
  bool longRope = boundary > 0 && to > boundary;
  Clock clock;
  for (int64_t position = from; position < to;) {
    int64_t count = std::min(step, to - position);
    engine.forward(tokens.subspan(position, count), position, position + count == to || step == 1,
                   longRope);
    position += count;
  }
  return clock.lap();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Tokens a second, the median of `repeat` runs; 0 where there is nothing to run.
double measure(Engine &engine, std::span<const int32_t> tokens, const Options &options,
               int64_t count, int64_t step) {
  std::vector<double> rates;
  for (int64_t run = 0; run < options.repeat && count > 0; ++run)
    rates.push_back(count / timePasses(engine, tokens, options.depth, options.depth + count, step));
  return rates.empty() ? 0 : median(std::move(rates));
}

std::string reportOf(const Engine &engine, const Options &options, double prefill, double decode) {
  JsonObject json;
  json.add("prefill_tok_s", prefill).add("decode_tok_s", decode);
  json.add("prompt_tokens", options.promptTokens).add("new_tokens", options.newTokens);
  json.add("depth", options.depth).add("repeat", options.repeat).add("threads", engine.threads());
  if (options.json)
    return json.line();
  char text[256];
  snprintf(text, sizeof text,
           "prefill  %10.2f tokens/s  (%ld tokens)\ndecode   %10.2f tokens/s  (%ld tokens)\n"
           "at depth %ld, %ld threads, median of %ld\n",
           prefill, long(options.promptTokens), decode, long(options.newTokens),
           long(options.depth), long(engine.threads()), long(options.repeat));
  return text;
}

} // namespace

Status runBench(const abi::Model &model, const Options &options) {
  int64_t length = options.depth + std::max(options.promptTokens, options.newTokens);
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
  if (!engine)
    return std::unexpected(engine.error());
  if (length > engine->capacity())
    return error("bench: -p, -n and --depth ask for " + std::to_string(length) +
                 " positions, the context has " + std::to_string(engine->capacity()) +
                 " (see --context)");
  std::vector<int32_t> tokens = someTokens(std::max<int64_t>(length, 1), model.vocab);
  // Reads all weights once, so that no run waits for the disk; then fills the depth.
  timePasses(*engine, tokens, 0, 1, 1);
  timePasses(*engine, tokens, 0, options.depth, model.maxTokens);
  double prefill = measure(*engine, tokens, options, options.promptTokens, model.maxTokens);
  double decode = measure(*engine, tokens, options, options.newTokens, 1);
  return writeOut(reportOf(*engine, options, prefill, decode));
}

} // namespace phirt
