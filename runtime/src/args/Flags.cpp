#include "args/Flags.h"
#include "args/Numbers.h"

namespace phirt {
namespace {

using Text = std::string_view;

constexpr uint32_t kAll = ~0u;
constexpr uint32_t kGenerate = verbBit(Verb::Generate), kChat = verbBit(Verb::Chat);
constexpr uint32_t kAnswer = kGenerate | kChat;
constexpr uint32_t kTokenize = verbBit(Verb::Tokenize), kLogits = verbBit(Verb::Logits);
constexpr uint32_t kPerplexity = verbBit(Verb::Perplexity), kBench = verbBit(Verb::Bench);
constexpr int64_t kMost = INT32_MAX;

/// Stores what was read, or hands the error on.
template <class Target, class Value> Status store(Target &target, Result<Value> value) {
  if (!value)
    return std::unexpected(value.error());
  target = std::move(*value);
  return {};
}

Status turnOn(bool &target) {
  target = true;
  return {};
}

template <class Target> Status keep(Target &target, Text text) {
  target = std::string(text);
  return {};
}

Status addStop(Options &o, Text text) {
  if (text.empty())
    return error("--stop: expected some text");
  o.stops.emplace_back(text);
  return {};
}

Status readSharing(Options &o, Text text) {
  constexpr Text kNames[] = {"auto", "even", "claim"}; // in the order of Sharing
  for (int64_t i = 0; i < std::ssize(kNames); ++i)
    if (text == kNames[i])
      return store(o.sharing, Result<Sharing>(static_cast<Sharing>(i)));
  return error("--share: expected auto, even or claim, got '" + std::string(text) + "'");
}

Status readLaunching(Options &o, Text text) {
  constexpr Text kNames[] = {"auto", "persistent", "chain"}; // in the order of Launching
  for (int64_t i = 0; i < std::ssize(kNames); ++i)
    if (text == kNames[i])
      return store(o.launching, Result<Launching>(static_cast<Launching>(i)));
  return error("--launch: expected auto, persistent or chain, got '" + std::string(text) + "'");
}

// One line a flag, the order of the help.
// clang-format off
constexpr Flag kFlags[] = {
    {"--prompt", "TEXT", kGenerate, [](Options &o, Text t) { return keep(o.prompt, t); }, "what to answer; - reads it from standard input"},
    {"--tokens", "1,2,3", kGenerate | kLogits, [](Options &o, Text t) { return store(o.tokens, parseTokens("--tokens", t)); }, "token ids instead of a text"},
    {"--system", "TEXT", kAnswer, [](Options &o, Text t) { return keep(o.system, t); }, "the system turn of the chat template"},
    {"--raw", "", kGenerate, [](Options &o, Text) { return turnOn(o.raw); }, "the prompt as it stands, without the chat template"},
    {"--max-tokens", "N", kAnswer, [](Options &o, Text t) { return store(o.maxTokens, parseInteger("--max-tokens", t, 0, kMost)); }, "most tokens of an answer (default: the context)"},
    {"--temperature", "T", kAnswer, [](Options &o, Text t) { return store(o.temperature, parseReal("--temperature", t, 0, 100)); }, "0 takes the likeliest token always"},
    {"--top-k", "K", kAnswer, [](Options &o, Text t) { return store(o.topK, parseInteger("--top-k", t, 0, kMost)); }, "sample from the K likeliest; 0: off"},
    {"--top-p", "P", kAnswer, [](Options &o, Text t) { return store(o.topP, parseReal("--top-p", t, 0, 1)); }, "sample from the likeliest that hold P of the probability; 1: off"},
    {"--min-p", "P", kAnswer, [](Options &o, Text t) { return store(o.minP, parseReal("--min-p", t, 0, 1)); }, "sample from those at least P times as likely as the likeliest; 0: off"},
    {"--repeat-penalty", "R", kAnswer, [](Options &o, Text t) { return store(o.repeatPenalty, parseReal("--repeat-penalty", t, 0.01, 100)); }, "transformers' repetition_penalty; 1: off"},
    {"--seed", "S", kAnswer, [](Options &o, Text t) { return store(o.seed, parseInteger("--seed", t, 0, INT64_MAX)); }, "of the random numbers (default 0)"},
    {"--stop", "TEXT", kAnswer, [](Options &o, Text t) { return addStop(o, t); }, "ends an answer before this text; may be given several times"},
    {"--ignore-eos", "", kAnswer, [](Options &o, Text) { return turnOn(o.ignoreEos); }, "go on behind the model's stop tokens"},
    {"--json", "", kGenerate | kPerplexity | kBench, [](Options &o, Text) { return turnOn(o.json); }, "one line of JSON instead of text"},
    {"--lines", "", kTokenize, [](Options &o, Text) { return turnOn(o.lines); }, "a JSON string per line of standard input, its ids as a JSON array per line out"},
    {"--decode", "", kTokenize, [](Options &o, Text) { return turnOn(o.isDecode); }, "the way back: ids (1,2,3, or JSON arrays with --lines) to text"},
    {"--output", "FILE", kLogits, [](Options &o, Text t) { return keep(o.output, t); }, "a NumPy file, f32 [tokens, vocabulary]"},
    {"--pass", "N", kLogits, [](Options &o, Text t) { return store(o.pass, parseInteger("--pass", t, 1, kMost)); }, "most tokens that one pass takes (default: as many as the program can)"},
    {"--window", "N", kPerplexity, [](Options &o, Text t) { return store(o.window, parseInteger("--window", t, 2, kMost)); }, "tokens that are scored together (default 512)"},
    {"-p", "N", kBench, [](Options &o, Text t) { return store(o.promptTokens, parseInteger("-p", t, 0, kMost)); }, "prompt tokens (default 512)"},
    {"-n", "N", kBench, [](Options &o, Text t) { return store(o.newTokens, parseInteger("-n", t, 0, kMost)); }, "new tokens (default 64)"},
    {"--batch", "N", kBench, [](Options &o, Text t) { return store(o.batch, parseInteger("--batch", t, 1, kMost)); }, "new tokens a pass, each with its logits (default 1)"},
    {"--depth", "N", kBench, [](Options &o, Text t) { return store(o.depth, parseInteger("--depth", t, 0, kMost)); }, "tokens that lie in the cache beforehand (default 0)"},
    {"--repeat", "N", kBench, [](Options &o, Text t) { return store(o.repeat, parseInteger("--repeat", t, 1, 1000)); }, "runs, of which the median counts (default 3)"},
    {"--profile", "", kBench, [](Options &o, Text) { return turnOn(o.profile); }, "time, bytes and operations of every stage instead"},
    {"--trace", "FILE", kBench, [](Options &o, Text t) { return keep(o.trace, t); }, "as --profile, and every stage's start and end in Chrome's trace format"},
    {"--threads", "N", kAll, [](Options &o, Text t) { return store(o.threads, parseInteger("--threads", t, 1, 4096)); }, "threads (default: the big physical cores at hand)"},
    {"--share", "HOW", kAll, [](Options &o, Text t) { return readSharing(o, t); }, "how threads share a stage: even (cut once), claim (piece by piece) or auto (claim where cores differ; default)"},
    {"--device", "N", kAll, [](Options &o, Text t) { return store(o.device, parseInteger("--device", t, 0, kMost)); }, "which GPU, where the program runs on one (default 0)"},
    {"--launch", "HOW", kAll, [](Options &o, Text t) { return readLaunching(o, t); }, "how a GPU runs a pass: persistent (one launch), chain (several) or auto (one, where the GPU can; default)"},
    {"--context", "N", kAll, [](Options &o, Text t) { return store(o.context, parseInteger("--context", t, 1, kMost)); }, "positions of the cache (default: the model's, 8192 at most)"},
    {"--weights", "FILE", kAll, [](Options &o, Text t) { return keep(o.weights, t); }, "the weights (default: the program's path and .weights)"},
};

constexpr VerbName kVerbs[] = {
    {"generate", Verb::Generate, "--prompt TEXT | --tokens 1,2,3", "answer once"},
    {"chat", Verb::Chat, "", "talk in turns; Ctrl-C stops an answer, /reset forgets, /exit ends"},
    {"tokenize", Verb::Tokenize, "TEXT | --lines", "text to token ids, and back with --decode"},
    {"logits", Verb::Logits, "--tokens 1,2,3 --output FILE", "write the logits of every token"},
    {"perplexity", Verb::Perplexity, "FILE", "perplexity of a text"},
    {"verify", Verb::Verify, "", "check program and weights against their hashes"},
    {"bench", Verb::Bench, "", "measure speed"},
};
// clang-format on

} // namespace

std::span<const Flag> allFlags() { return kFlags; }
std::span<const VerbName> allVerbs() { return kVerbs; }

} // namespace phirt
