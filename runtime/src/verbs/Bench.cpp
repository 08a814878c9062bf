#include "support/Clock.h"
#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Passes.h"
#include "verbs/Verbs.h"
#include <algorithm>

namespace phirt {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Tokens a second, the median of `repeat` runs; 0 where there is nothing to run.
Result<double> measure(Engine &engine, std::span<const int32_t> tokens, const Options &options,
                       int64_t count, int64_t step, LogitsOf wanted) {
  std::vector<double> rates;
  for (int64_t run = 0; run < options.repeat && count > 0; ++run) {
    Result<double> seconds =
        timePasses(engine, tokens, options.depth, options.depth + count, step, wanted);
    if (!seconds)
      return seconds;
    rates.push_back(count / *seconds);
  }
  return rates.empty() ? 0 : median(std::move(rates));
}

std::string reportOf(const Engine &engine, const Options &options, double prefill, double decode) {
  JsonObject json;
  json.add("prefill_tok_s", prefill).add("decode_tok_s", decode);
  json.add("prompt_tokens", options.promptTokens).add("new_tokens", options.newTokens);
  json.add("batch", options.batch)
      .add("depth", options.depth)
      .add("repeat", options.repeat)
      .add("threads", engine.threads());
  json.add("code", std::string_view(engine.model().code->name));
  json.add("weights_bytes", int64_t(engine.model().weightsBytes));
  json.add("cache_bytes_per_position", int64_t(engine.model().cacheBytesPerPosition));
  if (options.json)
    return json.line();
  char text[256];
  snprintf(text, sizeof text,
           "prefill  %10.2f tokens/s  (%ld tokens)\ndecode   %10.2f tokens/s  (%ld tokens, %ld a "
           "pass)\n"
           "at depth %ld, %s, median of %ld; code for %s\n",
           prefill, long(options.promptTokens), decode, long(options.newTokens),
           long(options.batch), long(options.depth), engine.describe().c_str(),
           long(options.repeat), engine.model().code->name);
  return text;
}

} // namespace

Status runBench(const abi::Model &model, const Options &options) {
  Result<Engine> engine = openForPasses(model, options);
  if (!engine)
    return std::unexpected(engine.error());
  int64_t length = options.depth + std::max(options.promptTokens, options.newTokens);
  std::vector<int32_t> tokens = someTokens(length, model.vocab);
  Result<double> prefill =
      measure(*engine, tokens, options, options.promptTokens, model.maxTokens, LogitsOf::LastToken);
  if (!prefill)
    return std::unexpected(prefill.error());
  Result<double> decode =
      measure(*engine, tokens, options, options.newTokens, options.batch, LogitsOf::EveryToken);
  if (!decode)
    return std::unexpected(decode.error());
  return writeOut(reportOf(*engine, options, *prefill, *decode));
}

} // namespace phirt
