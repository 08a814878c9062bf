#include "args/Parse.h"
#include "args/Flags.h"

namespace phirt {
namespace {

using Text = std::string_view;

const Flag *findFlag(Text name) {
  for (const Flag &flag : allFlags())
    if (flag.name == name)
      return &flag;
  return nullptr;
}

const VerbName *findVerb(Text name) {
  for (const VerbName &verb : allVerbs())
    if (verb.name == name)
      return &verb;
  return nullptr;
}

Text nameOf(Verb verb) {
  for (const VerbName &entry : allVerbs())
    if (entry.verb == verb)
      return entry.name;
  return "";
}

bool isFlag(Text word) { return word.size() > 1 && word[0] == '-'; }

/// A cursor over the words of the command line.
struct Words {
  std::span<const char *const> rest;
  bool empty() const { return rest.empty(); }
  Text take() {
    Text word = rest.front();
    rest = rest.subspan(1);
    return word;
  }
};

/// Reads "--name value", "--name=value" or "--switch"; `word` has been taken.
Status readFlag(Options &options, Text word, Words &words) {
  size_t equals = word.starts_with("--") ? word.find('=') : word.npos;
  std::string name(word.substr(0, equals));
  const Flag *flag = findFlag(name);
  if (!flag)
    return error(name + ": unknown flag (see --help)");
  if (!(flag->verbs & verbBit(options.verb)))
    return error(name + ": not a flag of " + std::string(nameOf(options.verb)) + " (see --help)");
  if (flag->value.empty())
    return equals == word.npos ? flag->set(options, "") : error(name + ": takes no value");
  if (equals != word.npos)
    return flag->set(options, word.substr(equals + 1));
  if (words.empty())
    return error(name + ": a value is missing");
  return flag->set(options, words.take());
}

/// The first word that is neither flag nor a flag's value, if it is a verb: its place.
size_t verbPlace(std::span<const char *const> arguments) {
  for (size_t place = 0; place < arguments.size(); ++place) {
    if (!isFlag(arguments[place]))
      return findVerb(arguments[place]) ? place : arguments.size();
    if (Text(arguments[place]) == "--")
      break;
    const Flag *flag = findFlag(arguments[place]);
    if (flag && !flag->value.empty())
      ++place;
  }
  return arguments.size();
}

/// --help and --version hold anywhere, but not as the value of another flag.
bool takeInformation(Options &options, Text word) {
  if (word == "--help" || word == "-h")
    options.verb = Verb::Help;
  else if (word == "--version")
    options.verb = Verb::Version;
  return options.verb == Verb::Help || options.verb == Verb::Version;
}

Status checkWords(const Options &o) {
  size_t most = o.verb == Verb::Tokenize || o.verb == Verb::Perplexity ? 1 : 0;
  if (o.words.size() > most)
    return error("'" + o.words[most] + "': one word too many (quote a prompt of several words)");
  return {};
}

Status checkComplete(const Options &o) {
  if (o.verb == Verb::Generate && o.prompt.has_value() == o.tokens.has_value())
    return error("generate: give either --prompt or --tokens");
  if (o.verb == Verb::Generate && o.tokens && o.system)
    return error("--system: not with --tokens");
  if (o.verb == Verb::Logits && (!o.tokens || !o.output))
    return error("logits: --tokens and --output are needed");
  if (o.verb == Verb::Perplexity && o.words.empty())
    return error("perplexity: a file is missing");
  if (o.verb == Verb::Tokenize && o.lines == !o.words.empty())
    return error("tokenize: give either a text or --lines");
  return checkWords(o);
}

/// The first word is a verb, or a prompt.
void placeWord(Options &options, Text word, bool hasVerb) {
  if (options.verb == Verb::Generate && !hasVerb && !options.prompt)
    options.prompt = std::string(word);
  else
    options.words.emplace_back(word);
}

} // namespace

Result<Options> parseArguments(std::span<const char *const> arguments) {
  Options options;
  Words words{arguments};
  if (words.empty()) {
    options.verb = Verb::Help;
    return options;
  }
  size_t place = verbPlace(arguments);
  bool hasVerb = place < arguments.size();
  if (hasVerb)
    options.verb = findVerb(arguments[place])->verb;
  bool flagsEnded = false;
  while (!words.empty()) {
    bool isVerb = hasVerb && arguments.size() - words.rest.size() == place;
    Text word = words.take();
    if (isVerb)
      continue;
    if (!flagsEnded && takeInformation(options, word))
      return options;
    if (!flagsEnded && word == "--")
      flagsEnded = true;
    else if (flagsEnded || !isFlag(word))
      placeWord(options, word, hasVerb);
    else if (Status status = readFlag(options, word, words); !status)
      return std::unexpected(status.error());
  }
  if (Status status = checkComplete(options); !status)
    return std::unexpected(status.error());
  return options;
}

} // namespace phirt
