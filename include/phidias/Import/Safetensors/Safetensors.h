#pragma once
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Reads the tensors of a Hugging Face folder: model.safetensors, or else the shards that
/// model.safetensors.index.json lists. Errors name file, tensor or key.
llvm::Expected<Checkpoint> readSafetensors(llvm::StringRef folder);

} // namespace phidias
