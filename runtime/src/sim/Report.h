#pragma once
/// What ends a simulation: one line on standard error, exit 1.

#include "sim/Machine.h"

namespace phirt::sim {

/// "function: op: location" of a site of the kernel.
std::string describeSite(int32_t site);
/// `problem` of the current thread at `site`; `more` may be empty.
[[noreturn]] void report(const char *problem, const Thread &thread, int32_t site,
                         const std::string &more);

/// Lanes of the current warp are at other ops than `site`.
[[noreturn]] void reportLanesApart(int32_t site);
/// Threads of the current block are at another barrier.
[[noreturn]] void reportBarriersApart(int32_t site);
/// Some blocks have ended, others wait.
[[noreturn]] void reportGridApart();
/// No thread of this CPU thread can go on.
[[noreturn]] void reportStuck();

} // namespace phirt::sim
