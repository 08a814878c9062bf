#pragma once
#include "phirt/Status.h"
#include <cstdint>

namespace phirt {

/// Where in the program's file the byte at `address` was loaded from: by the ELF program headers in
/// memory.
Result<uint64_t> programFileOffset(const void *address);

} // namespace phirt
