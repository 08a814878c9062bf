#pragma once
#include "phidias/Import/Checkpoint.h"

namespace phidias {

/// Maps a file read-only. An error where it is missing, empty or no file.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> mapFile(llvm::StringRef path);

/// Makes what TensorInfo promises true: computes `bytes` from shape and type, checks that shapes
/// are positive, that bytes lie inside their file and overlap no other tensor's, and that names are
/// distinct; fills `tensorByName`.
llvm::Error checkTensors(Checkpoint &checkpoint);

} // namespace phidias
