#pragma once
/// The check of an access by the current thread.

#include "sim/Machine.h"

namespace phirt::sim {

enum class Kind { Read, Write, Copy };

/// Ends the program where `bytes` at `address` may not be touched so. `align`: the size of what
/// moves at once.
void checkAccess(const void *address, int32_t bytes, int32_t align, Kind kind, int32_t site);
/// The same of what is counted otherwise.
void checkAccessUncounted(const void *address, int32_t bytes, int32_t align, Kind kind,
                          int32_t site);

} // namespace phirt::sim
