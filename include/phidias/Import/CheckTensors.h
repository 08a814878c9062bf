#pragma once
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Makes what TensorInfo promises true: computes `bytes` from shape and type, checks that shapes
/// are positive, that bytes lie inside their file and overlap no other tensor's, and that names are
/// distinct; fills `tensorByName`.
llvm::Error checkTensors(Checkpoint &checkpoint);

} // namespace phidias
