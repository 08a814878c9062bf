#include "args/Flags.h"
#include "args/Parse.h"

namespace phirt {

static std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

static std::string verbsOf(const Flag &flag) {
  if (flag.verbs == ~0u)
    return "";
  std::string names;
  for (const VerbName &verb : allVerbs())
    if (flag.verbs & verbBit(verb.verb))
      names += (names.empty() ? " [" : ", ") + std::string(verb.name);
  return names + "]";
}

std::string helpText(const std::string &program) {
  std::string text =
      "usage: " + program + " \"prompt\" [flags]     answer a prompt (- reads standard input)\n";
  for (const VerbName &verb : allVerbs())
    text += "       " +
            padded(program + " " + std::string(verb.name) + " " + std::string(verb.usage), 48) +
            std::string(verb.help) + "\n";
  text += "\nflags:\n";
  for (const Flag &flag : allFlags())
    text += "  " + padded(std::string(flag.name) + " " + std::string(flag.value), 22) +
            std::string(flag.help) + verbsOf(flag) + "\n";
  return text + "  " + padded("--version", 22) + "what this program is\n  " + padded("--help", 22) +
         "this page\n";
}

} // namespace phirt
