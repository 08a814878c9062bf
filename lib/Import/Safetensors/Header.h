#pragma once
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Maps the file at `path` and appends it and its tensors to the checkpoint, in file order; that
/// tensors overlap or lie outside the file is left to checkTensors.
llvm::Error appendSafetensorsFile(Checkpoint &checkpoint, llvm::StringRef path);

} // namespace phidias
