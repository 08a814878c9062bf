#pragma once
#include "phirt/Status.h"
#include <cstdint>
#include <span>
#include <string>

namespace phirt {

/// Where Linux tells of its processors.
inline constexpr const char *kSystemFolder = "/sys/devices/system/cpu";

/// Logical processors that this process may use: those of its affinity mask, 1 at least.
int64_t availableProcessors();

/// Physical cores among `processors`: two hyperthreads of one core share its vector units and its
/// cache. Of cores of different speed the big ones: those that have more than 3/4 of the fastest
/// one's. A small one would hold up all others at every barrier, or add little.
int64_t countCores(std::span<const int64_t> processors, const std::string &systemFolder);
/// The same of the processors of the affinity mask.
int64_t availableCores(const std::string &systemFolder = kSystemFolder);

/// Whether the slowest of `processors` is slower than the fastest by more than 1/16. Boost clocks
/// differ by less between cores of one kind.
bool speedsDiffer(std::span<const int64_t> processors, const std::string &systemFolder);
/// The same of the processors of the affinity mask: threads may run on any of them.
bool coresDiffer(const std::string &systemFolder = kSystemFolder);

/// The number of threads to start: what was asked (0: the big physical cores at hand), or an error
/// where that is more than the machine's processors.
Result<int64_t> chooseThreads(int64_t asked);

} // namespace phirt
