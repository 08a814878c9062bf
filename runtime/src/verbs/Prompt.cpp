#include "verbs/Prompt.h"
#include "support/Input.h"

namespace phirt {

Result<Tokenizer> openTokenizer(const abi::Model &model) {
  if (model.tokenizer.size == 0)
    return error("this program carries no tokenizer (its checkpoint had none): only generate and "
                 "logits with --tokens, bench and verify work");
  return Tokenizer::open(model.tokenizer);
}

Result<std::vector<int32_t>> encodeConversation(const abi::Model &model, const Tokenizer &tokenizer,
                                                std::span<const Message> messages) {
  if (model.chatTemplate.size == 0)
    return error("this program carries no chat template (its checkpoint had none): use --raw");
  Result<ChatTemplate> chatTemplate = ChatTemplate::open(model.chatTemplate);
  if (!chatTemplate)
    return std::unexpected(chatTemplate.error());
  Result<std::vector<Piece>> pieces = chatTemplate->render(messages, true);
  if (!pieces)
    return std::unexpected(pieces.error());
  return tokenizer.encode(*pieces);
}

Result<std::vector<int32_t>> encodePrompt(const abi::Model &model, const Tokenizer *tokenizer,
                                          const Options &options) {
  if (options.tokens)
    return *options.tokens;
  std::string text = *options.prompt;
  if (text == "-") {
    Result<std::string> input = readStandardInput();
    if (!input)
      return std::unexpected(input.error());
    text = std::move(*input);
  }
  if (options.raw)
    return tokenizer->encode(std::string_view(text));
  std::vector<Message> messages;
  if (options.system)
    messages.push_back({"system", *options.system});
  messages.push_back({"user", std::move(text)});
  return encodeConversation(model, *tokenizer, messages);
}

/// A smaller temperature would overflow the scores; its draw is the likeliest token anyway.
constexpr double kLeastTemperature = 1e-5;

Sampling samplingOf(const abi::Model &model, const Options &o) {
  const abi::GenerationDefaults &defaults = model.generation;
  Sampling sampling;
  bool isAsked = o.temperature || o.topK || o.topP || o.minP;
  sampling.temperature = o.temperature.value_or(defaults.temperature);
  sampling.doSample = (isAsked || defaults.doSample) && sampling.temperature >= kLeastTemperature;
  sampling.topK = o.topK.value_or(defaults.topK);
  sampling.topP = o.topP.value_or(defaults.topP);
  sampling.minP = o.minP.value_or(defaults.minP);
  sampling.repetitionPenalty = o.repeatPenalty.value_or(defaults.repetitionPenalty);
  sampling.seed = o.seed.value_or(0);
  return sampling;
}

AnswerOptions answerOptionsOf(const Options &options) {
  return {options.maxTokens.value_or(INT64_MAX), options.ignoreEos, options.stops};
}

EngineOptions engineOptionsOf(const Options &options) {
  return {options.weights,
          options.threads,
          options.context,
          options.sharing,
          {options.device, options.launching}};
}

} // namespace phirt
