#pragma once
/// Reads GGUF version 3. Source of the format: ggml's docs/gguf.md.
///
///   u32 magic "GGUF" | u32 version 3 | u64 tensors | u64 keys
///   keys:    string name | u32 type | value        (string: u64 length, bytes; array: u32 type,
///   u64 count, values) tensors: string name | u32 dims | u64 dim[dims], innermost first | u32 type
///   | u64 offset from the data padding to general.alignment (32) | data

#include "phidias/Import/Checkpoint.h"
#include "phidias/Import/Gguf/Metadata.h"

namespace phidias {

struct GgufFile {
  Checkpoint checkpoint;
  GgufMetadata metadata;
};

/// Errors name file, key or tensor, and byte offset. Where `unsupported` is given, a tensor of a
/// type that is not supported is left out and named there, one line for each type.
llvm::Expected<GgufFile> readGguf(llvm::StringRef path,
                                  std::vector<std::string> *unsupported = nullptr);

} // namespace phidias
