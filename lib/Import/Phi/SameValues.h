#pragma once
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Whether two tensors of one shape hold the same numbers, whatever their types: torch.equal, but
/// equal bytes are the same also where they are NaN.
bool sameValues(const Checkpoint &checkpoint, const TensorInfo &a, const TensorInfo &b);

} // namespace phidias
