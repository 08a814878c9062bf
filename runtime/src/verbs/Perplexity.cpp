#include "model/Sequence.h"
#include "support/Input.h"
#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"
#include <algorithm>
#include <cmath>

namespace phirt {
namespace {

/// A sum of negative log-likelihoods.
struct Score {
  int64_t tokens = 0;
  double nll = 0;
};

/// -log softmax(logits)[target], in double.
double lossOf(std::span<const float> logits, int32_t target) {
  double top = *std::max_element(logits.begin(), logits.end());
  double mass = 0;
  for (float logit : logits)
    mass += std::exp(logit - top);
  return std::log(mass) + top - logits[target];
}

/// Scores a window from its second token on.
Status scoreWindow(Sequence &sequence, std::span<const int32_t> window, int64_t vocab,
                   Score &score) {
  size_t target = 1;
  return sequence.scan(window, [&](const float *logits, int64_t rows) -> Status {
    for (int64_t row = 0; row < rows && target < window.size(); ++row, ++target) {
      score.nll += lossOf({logits + row * vocab, static_cast<size_t>(vocab)}, window[target]);
      ++score.tokens;
    }
    return {};
  });
}

Result<Score> scoreText(Sequence &sequence, std::span<const int32_t> ids, size_t window,
                        int64_t vocab) {
  Score score;
  for (size_t start = 0; start + 1 < ids.size(); start += window) {
    auto part = ids.subspan(start, std::min(window, ids.size() - start));
    if (Status status = scoreWindow(sequence, part, vocab, score); !status)
      return std::unexpected(status.error());
  }
  return score;
}

std::string reportOf(const Score &score, bool isJson) {
  double nll = score.nll / static_cast<double>(score.tokens);
  if (isJson)
    return JsonObject()
        .add("tokens", score.tokens)
        .add("nll", nll)
        .add("perplexity", std::exp(nll))
        .line();
  return "perplexity " + toJson(std::exp(nll)) + " over " + std::to_string(score.tokens) +
         " tokens (" + toJson(nll) + " nats a token)\n";
}

Result<std::vector<int32_t>> encodeFile(const abi::Model &model, const std::string &path) {
  Result<Tokenizer> tokenizer = openTokenizer(model);
  if (!tokenizer)
    return std::unexpected(tokenizer.error());
  Result<std::string> text = readTextFile(path);
  if (!text)
    return std::unexpected(text.error());
  std::vector<int32_t> ids = tokenizer->encode(std::string_view(*text));
  if (ids.size() < 2)
    return error(path + ": needs two tokens at least, has " + std::to_string(ids.size()));
  return ids;
}

} // namespace

Status runPerplexity(const abi::Model &model, const Options &options) {
  Result<std::vector<int32_t>> ids = encodeFile(model, options.words.front());
  if (!ids)
    return std::unexpected(ids.error());
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
  if (!engine)
    return std::unexpected(engine.error());
  if (options.window > engine->capacity())
    return error("--window " + std::to_string(options.window) + ": the context has " +
                 std::to_string(engine->capacity()) + " positions (see --context)");
  Sequence sequence(*engine);
  Result<Score> score = scoreText(sequence, *ids, options.window, model.vocab);
  if (!score)
    return std::unexpected(score.error());
  return writeOut(reportOf(*score, options.json));
}

} // namespace phirt
