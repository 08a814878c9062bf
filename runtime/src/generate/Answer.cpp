#include "generate/Answer.h"
#include "generate/TextStream.h"
#include "support/Clock.h"
#include "support/Interrupt.h"
#include <algorithm>
#include <optional>

namespace phirt {

std::string_view nameOf(Stop stop) {
  constexpr std::string_view kNames[] = {"eos", "length", "context", "text", "interrupt"};
  return kNames[static_cast<int>(stop)];
}

namespace {

/// Tokens in, text out: decoded, cut at stop texts, handed on and kept.
struct Writer {
  std::optional<StreamDecoder> decoder;
  TextStream stream;
  const OnText &onText;
  Answer &answer;

  Status emit(std::string_view text) {
    answer.text += text;
    return text.empty() ? Status() : onText(text);
  }
  Status push(int32_t id) { return decoder ? emit(stream.push(decoder->push(id))) : Status(); }
  Status finish() {
    if (!decoder || stream.stopped())
      return {};
    Status status = emit(stream.push(decoder->finish()));
    return status ? emit(stream.finish()) : status;
  }
};

bool isStopToken(const abi::Model &model, int32_t id) {
  const int32_t *end = model.stopIds + model.stopCount;
  return std::find(model.stopIds, end, id) != end;
}

/// Who chooses the tokens of an answer: the passes, where engine and sampler allow it.
struct Chooser {
  Sampler &sampler;
  bool inPass;
  abi::Choice choice{};

  Chooser(const Engine &engine, Sampler &sampler)
      : sampler(sampler), inPass(engine.chooses() && sampler.order()) {}

  /// For the next pass; null: it is to give logits.
  abi::Choice *order() {
    if (inPass)
      choice = *sampler.order();
    return inPass ? &choice : nullptr;
  }
  int32_t take(std::span<const float> logits) {
    if (!inPass)
      return sampler.choose(logits);
    sampler.take(choice);
    return choice.token;
  }
};

struct Run {
  Engine &engine;
  Sequence &sequence;
  Chooser &chooser;
  const AnswerOptions &options;
  Writer writer;
  Answer &answer;

  bool endsAnswer(int32_t id) const {
    return !options.ignoreEos && isStopToken(engine.model(), id);
  }

  /// What stops the answer after token `id`, if anything does.
  std::optional<Stop> stopAfter(int32_t id) const {
    if (endsAnswer(id))
      return Stop::EndToken;
    if (writer.stream.stopped())
      return Stop::Text;
    if (static_cast<int64_t>(answer.tokens.size()) >= options.maxTokens)
      return Stop::Length;
    if (sequence.length() >= engine.capacity())
      return Stop::Context;
    if (takeInterrupt())
      return Stop::Interrupt;
    return std::nullopt;
  }

  Result<int32_t> next(const float *logits) {
    int32_t id = chooser.take({logits, static_cast<size_t>(engine.model().vocab)});
    if (id < 0)
      return error("the model gave no finite logit at position " +
                   std::to_string(sequence.length() - 1));
    chooser.sampler.see(id);
    answer.tokens.push_back(id);
    return id;
  }

  Status end(Stop reason) {
    answer.stop = reason;
    return writer.finish();
  }

  /// Allocates nothing: whatever grows has its room.
  Status loop(const float *logits) {
    for (;;) {
      Result<int32_t> id = next(logits);
      if (!id)
        return std::unexpected(id.error());
      // A stop token is no part of the text, be it special or not.
      if (Status status = endsAnswer(*id) ? Status() : writer.push(*id); !status)
        return status;
      if (std::optional<Stop> stop = stopAfter(*id))
        return end(*stop);
      Result<const float *> row = sequence.append(*id, chooser.order());
      if (!row)
        return std::unexpected(row.error());
      if (!*row)
        return end(Stop::Interrupt);
      logits = *row;
    }
  }
};

/// Takes the memory that an answer of `most` tokens may need; untouched pages of it cost nothing.
void reserve(Answer &answer, int64_t most, const std::optional<StreamDecoder> &decoder) {
  answer.tokens.reserve(most);
  if (decoder)
    answer.text.reserve(most * decoder->mostBytes());
}

} // namespace

Result<Answer> generateAnswer(Sequence &sequence, Sampler &sampler, const Tokenizer *tokenizer,
                              std::span<const int32_t> prompt, const AnswerOptions &options,
                              const OnText &onText) {
  Answer answer;
  Clock clock;
  Chooser chooser(sequence.owner(), sampler);
  Result<const float *> logits = sequence.become(prompt, chooser.order());
  if (!logits)
    return std::unexpected(logits.error());
  answer.prefillSeconds = clock.lap();
  answer.promptTokens = static_cast<int64_t>(prompt.size());
  answer.reusedTokens = sequence.reused();
  if (!*logits)
    answer.stop = Stop::Interrupt;
  if (!*logits || options.maxTokens == 0)
    return answer;
  Engine &engine = sequence.owner();
  std::optional<StreamDecoder> decoder;
  if (tokenizer)
    decoder.emplace(*tokenizer);
  reserve(answer, std::min(options.maxTokens, engine.capacity() - answer.promptTokens + 1),
          decoder);
  sampler.forget();
  for (int32_t id : prompt)
    sampler.see(id);
  size_t most = decoder ? decoder->mostBytes() : 0;
  Writer writer{std::move(decoder), TextStream(options.stops, most), onText, answer};
  Run run{engine, sequence, chooser, options, std::move(writer), answer};
  if (Status status = run.loop(*logits); !status)
    return std::unexpected(status.error());
  answer.decodeSeconds = clock.lap();
  return answer;
}

} // namespace phirt
