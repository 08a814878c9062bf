#pragma once
#include "phirt/Status.h"
#include <cstdint>
#include <string>

namespace phirt {

/// Logical processors that this process may use: those of its affinity mask, 1 at least.
int64_t availableProcessors();
/// Physical cores among them: two hyperthreads of one core share its vector units and its cache.
/// `systemFolder`: where the system tells which processors share a core.
int64_t availableCores(const std::string &systemFolder = "/sys/devices/system/cpu");
/// The number of threads to start: what was asked (0: the physical cores at hand), or an error
/// where that is more than the machine's processors.
Result<int64_t> chooseThreads(int64_t asked);

} // namespace phirt
