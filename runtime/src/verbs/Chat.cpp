#include "support/Input.h"
#include "support/Interrupt.h"
#include "support/Output.h"
#include "verbs/Prompt.h"
#include "verbs/Verbs.h"
#include <unistd.h>

namespace phirt {
namespace {

/// A conversation in progress.
struct Conversation {
  const abi::Model &model;
  const Options &options;
  const Tokenizer &tokenizer;
  Sequence sequence;
  Sampler sampler;
  std::vector<Message> messages;

  void reset() {
    messages.clear();
    if (options.system)
      messages.push_back({"system", *options.system});
  }

  /// Asks, streams the answer and notes both. The cache keeps the tokens that both prompts begin
  /// with.
  Status turn(std::string question) {
    messages.push_back({"user", std::move(question)});
    Result<std::vector<int32_t>> prompt = encodeConversation(model, tokenizer, messages);
    if (!prompt)
      return std::unexpected(prompt.error());
    takeInterrupt(); // a Ctrl-C from before the question is not for this answer
    Result<Answer> answer =
        generateAnswer(sequence, sampler, &tokenizer, *prompt, answerOptionsOf(options), writeOut);
    if (!answer)
      return std::unexpected(answer.error());
    messages.push_back({"assistant", std::string(answer->text)}); // without the room it reserved
    return writeOut(noteOf(answer->stop));
  }

  static std::string_view noteOf(Stop stop) {
    if (stop == Stop::Interrupt)
      return " ...\n";
    return stop == Stop::Context ? "\n(the context is full: /reset forgets the conversation)\n"
                                 : "\n";
  }
};

Status converse(Conversation &conversation) {
  // The sign to type is for people, not for pipes.
  std::string_view sign = isatty(STDIN_FILENO) ? "> " : "";
  LineReader lines;
  std::string line;
  conversation.reset();
  for (;;) {
    if (Status status = writeOut(sign); !status)
      return status;
    Result<LineReader::Event> event = lines.next(line);
    if (!event)
      return std::unexpected(event.error());
    if (*event == LineReader::Event::Interrupted) {
      takeInterrupt();
      if (Status status = writeOut("\n"); !status)
        return status;
      continue;
    }
    if (*event == LineReader::Event::End || line == "/exit")
      return {};
    if (line == "/reset")
      conversation.reset();
    else if (Status status = line.empty() ? Status() : conversation.turn(line); !status)
      return status;
  }
}

} // namespace

Status runChat(const abi::Model &model, const Options &options) {
  Result<Tokenizer> tokenizer = openTokenizer(model);
  if (!tokenizer)
    return std::unexpected(tokenizer.error());
  Result<Engine> engine = Engine::open(model, engineOptionsOf(options));
  if (!engine)
    return std::unexpected(engine.error());
  catchInterrupts();
  Conversation conversation{model,
                            options,
                            *tokenizer,
                            Sequence(*engine),
                            Sampler(samplingOf(model, options), model.vocab),
                            {}};
  return converse(conversation);
}

} // namespace phirt
