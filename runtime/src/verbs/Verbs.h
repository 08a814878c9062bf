#pragma once
#include "args/Options.h"
#include "phirt/Status.h"
#include "phirt/abi.h"

namespace phirt {

// One verb of the command line each. `options` has passed the parser.
Status runGenerate(const abi::Model &model, const Options &options);
Status runChat(const abi::Model &model, const Options &options);
Status runTokenize(const abi::Model &model, const Options &options);
Status runLogits(const abi::Model &model, const Options &options);
Status runPerplexity(const abi::Model &model, const Options &options);
Status runVerify(const abi::Model &program, const Options &options); ///< of the constant itself
Status runBench(const abi::Model &model, const Options &options);
Status runProfile(const abi::Model &model, const Options &options); // bench --profile
Status runVersion(const abi::Model &model, const Options &options);
Status runHelp(const abi::Model &model, const Options &options);

/// Runs the verb that was asked for.
Status runVerb(const abi::Model &model, const Options &options);

} // namespace phirt
