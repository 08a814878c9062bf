#pragma once
#include "args/Options.h"
#include "generate/Answer.h"
#include "phirt/ChatTemplate.h"
#include "phirt/Tokenizer.h"
#include "phirt/abi.h"

namespace phirt {

/// The program's tokenizer; an error where it carries none.
Result<Tokenizer> openTokenizer(const abi::Model &model);

/// Token ids of a conversation under the program's chat template, ready for an answer.
Result<std::vector<int32_t>> encodeConversation(const abi::Model &model, const Tokenizer &tokenizer,
                                                std::span<const Message> messages);

/// Token ids of the prompt that the command line gives. `tokenizer` may be null where it gives
/// --tokens.
Result<std::vector<int32_t>> encodePrompt(const abi::Model &model, const Tokenizer *tokenizer,
                                          const Options &options);

/// What the command line and the model's own defaults say about choosing tokens.
Sampling samplingOf(const abi::Model &model, const Options &options);
AnswerOptions answerOptionsOf(const Options &options);
EngineOptions engineOptionsOf(const Options &options);

} // namespace phirt
