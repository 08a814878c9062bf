#pragma once
/// What `phidias inspect` says of a model: configuration, tensors, totals, tokenizer, template,
/// stop ids, and what of it is not supported.

#include "phidias/Import/Phi/Model.h"
#include "llvm/Support/JSON.h"

namespace phidias {

/// For people. `unsupported`: as readModelLeniently filled it.
std::string inspectText(const Model &model, llvm::ArrayRef<std::string> unsupported);

/// For programs: path, name, config, generation, tokenizer, template, totals, tensors, unsupported,
/// warnings.
llvm::json::Value inspectJson(const Model &model, llvm::ArrayRef<std::string> unsupported);

} // namespace phidias
