#include "support/Json.h"
#include "support/Output.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"

namespace phirt {

static double perSecond(int64_t count, double seconds) { return seconds > 0 ? count / seconds : 0; }

static std::string jsonOf(const Answer &answer) {
  std::span<const int32_t> tokens = answer.tokens;
  // The first new token comes from the prefill.
  int64_t decoded = answer.tokens.empty() ? 0 : static_cast<int64_t>(answer.tokens.size()) - 1;
  return JsonObject()
      .add("tokens", tokens)
      .add("text", std::string_view(answer.text))
      .add("stop", nameOf(answer.stop))
      .add("prompt_tokens", answer.promptTokens)
      .add("prefill_s", answer.prefillSeconds)
      .add("decode_s", answer.decodeSeconds)
      .add("prefill_tok_s", perSecond(answer.promptTokens, answer.prefillSeconds))
      .add("decode_tok_s", perSecond(decoded, answer.decodeSeconds))
      .line();
}

/// What is still to be printed when the answer is there: its text has been streamed already.
static std::string closing(const Answer &answer, const Options &options, bool hasText) {
  if (options.json)
    return jsonOf(answer);
  return hasText ? "\n" : toJson(std::span<const int32_t>(answer.tokens)) + "\n";
}

Status runGenerate(const abi::Model &model, const Options &options) {
  std::optional<Tokenizer> tokenizer;
  if (model.tokenizer.size != 0 || options.prompt) {
    Result<Tokenizer> opened = openTokenizer(model);
    if (!opened)
      return std::unexpected(opened.error());
    tokenizer = std::move(*opened);
  }
  const Tokenizer *text = tokenizer ? &*tokenizer : nullptr;
  Result<std::vector<int32_t>> prompt = encodePrompt(model, text, options);
  if (!prompt)
    return std::unexpected(prompt.error());
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
  if (!engine)
    return std::unexpected(engine.error());
  Sequence sequence(*engine);
  Sampler sampler(samplingOf(model, options), model.vocab);
  auto show = [&](std::string_view part) { return options.json ? Status() : writeOut(part); };
  Result<Answer> answer =
      generateAnswer(sequence, sampler, text, *prompt, answerOptionsOf(options), show);
  if (!answer)
    return std::unexpected(answer.error());
  return writeOut(closing(*answer, options, text));
}

} // namespace phirt
