#include "verbs/Verbs.h"
#include "args/Parse.h"
#include "model/Code.h"
#include "model/Engine.h"
#include "support/Output.h"

namespace phirt {

Status runVersion(const abi::Model &model, const Options &) {
  Result<abi::Model> chosen = chooseCode(model);
  std::string code =
      chosen ? "code for " + std::string(chosen->code->name) : chosen.error().message;
  return writeOut(std::string(model.name) + ": " + model.description + "\n" + code +
                  "\nPhidias " PHIRT_VERSION ", abi " + std::to_string(abi::kVersion) + "\n");
}

Status runHelp(const abi::Model &, const Options &) {
  Result<std::string> path = programPath();
  return writeOut(helpText(path ? path->substr(path->rfind('/') + 1) : "program"));
}

/// Runs the verbs that run the model.
static Status runModelVerb(const abi::Model &model, const Options &options) {
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
  default:
    return options.profile || options.trace ? runProfile(model, options) : runBench(model, options);
  }
}

Status runVerb(const abi::Model &program, const Options &options) {
  if (Status status = checkModel(program); !status)
    return status;
  switch (options.verb) { // what a program is, and whether it is whole, it says on any machine
  case Verb::Version:
    return runVersion(program, options);
  case Verb::Help:
    return runHelp(program, options);
  case Verb::Verify:
    return runVerify(program, options);
  default:
    break;
  }
  Result<abi::Model> model = chooseCode(program);
  return model ? runModelVerb(*model, options) : std::unexpected(model.error());
}

} // namespace phirt
