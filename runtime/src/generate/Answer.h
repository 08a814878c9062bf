#pragma once
#include "model/Sequence.h"
#include "phirt/Tokenizer.h"
#include "sampler/Sampler.h"
#include <functional>
#include <string>
#include <vector>

namespace phirt {

/// Why an answer ended.
enum class Stop { EndToken, Length, Context, Text, Interrupt };
std::string_view nameOf(Stop stop);

struct AnswerOptions {
  int64_t maxTokens = INT64_MAX;
  bool ignoreEos = false;
  std::vector<std::string> stops;
};

struct Answer {
  std::vector<int32_t> tokens; ///< new ones, with the stop token where one came
  std::string text;            ///< without special tokens and without the stop text
  Stop stop = Stop::Length;
  int64_t promptTokens = 0;
  int64_t reusedTokens = 0; ///< of the prompt, found in the cache
  double prefillSeconds = 0, decodeSeconds = 0;
};

/// Given each stretch of text as soon as it is complete; an error ends the answer.
using OnText = std::function<Status(std::string_view text)>;

/// Continues `prompt` until something stops it. `tokenizer` may be null: no text then.
Result<Answer> generateAnswer(Sequence &sequence, Sampler &sampler, const Tokenizer *tokenizer,
                              std::span<const int32_t> prompt, const AnswerOptions &options,
                              const OnText &onText);

} // namespace phirt
