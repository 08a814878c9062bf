#include "verbs/Verbs.h"
#include "args/Parse.h"
#include "model/Engine.h"
#include "support/Output.h"

namespace phirt {

Status runVersion(const abi::Model &model, const Options &) {
  return writeOut(std::string(model.name) + ": " + model.description +
                  "\nPhidias " PHIRT_VERSION ", abi " + std::to_string(abi::kVersion) + "\n");
}

Status runHelp(const abi::Model &, const Options &) {
  Result<std::string> path = programPath();
  return writeOut(helpText(path ? path->substr(path->rfind('/') + 1) : "program"));
}

Status runVerb(const abi::Model &model, const Options &options) {
  if (Status status = checkModel(model); !status)
    return status;
  switch (options.verb) {
  case Verb::Generate:
    return runGenerate(model, options);
  case Verb::Chat:
    return runChat(model, options);
  case Verb::Tokenize:
    return runTokenize(model, options);
  case Verb::Logits:
    return runLogits(model, options);
  case Verb::Perplexity:
    return runPerplexity(model, options);
  case Verb::Verify:
    return runVerify(model, options);
  case Verb::Bench:
    return options.profile || options.trace ? runProfile(model, options) : runBench(model, options);
  case Verb::Version:
    return runVersion(model, options);
  case Verb::Help:
    return runHelp(model, options);
  }
  return {};
}

} // namespace phirt
