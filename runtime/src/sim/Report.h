#pragma once
/// What ends a simulation: one line on standard error, exit 1.

#include "sim/Machine.h"
#include <string>

namespace phirt::sim {

/// The end of the program, with the line.
[[noreturn]] void endWith(const std::string &line);
/// Memory, or the end of the program.
Mapping reserveOrEnd(size_t bytes, const char *what);
/// "function: op: location": the line of `sites` with this number.
std::string siteText(const char *sites, int32_t number);
/// The same of the kernel at hand.
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
