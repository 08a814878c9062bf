#pragma once
#include "Parts.h"

namespace phidias::tokenizer {

/// The pre-tokenisation that tokenizer.ggml.pre names; refuses names that are not known.
llvm::Error addNamedSteps(llvm::StringRef pre, Parts &parts);

} // namespace phidias::tokenizer
