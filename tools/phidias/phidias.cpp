// The compiler's command line: finds the verb and delegates.

#include "Signals.h"
#include "Verbs.h"
#include <cstdio>

static constexpr char kHelp[] = R"(Phidias: an ahead-of-time compiler for language models

usage: phidias compile MODEL -o PROGRAM [options]   compile a model folder or .gguf file into a native program
       phidias inspect MODEL [--json]               say what is in a model, and what of it is not supported
       phidias VERB --help                          all options of a verb
       phidias --version | --help
)";

int main(int argc, char **argv) {
  phidias::tool::handleSignals();
  std::vector<std::string> words(argv + 1, argv + argc);
  std::string verb = words.empty() ? "" : words.front();
  if (verb == "--help" || verb == "-h")
    return std::fputs(kHelp, stdout), 0;
  if (verb == "--version")
    return std::puts("phidias " PHIDIAS_VERSION), 0;
  if (verb == "compile")
    return phidias::tool::compileVerb({words.begin() + 1, words.end()});
  if (verb == "inspect")
    return phidias::tool::inspectVerb({words.begin() + 1, words.end()});
  std::fprintf(stderr, "phidias: %s; see phidias --help\n",
               words.empty() ? "expected a verb: compile or inspect"
                             : ("unknown verb '" + verb + "'").c_str());
  return 2;
}
