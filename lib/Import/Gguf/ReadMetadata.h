#pragma once
#include "Cursor.h"
#include "phidias/Import/Gguf/Metadata.h"

namespace phidias {

/// Reads `count` keys with their values.
llvm::Expected<GgufMetadata> readGgufMetadata(Cursor &cursor, uint64_t count);

} // namespace phidias
