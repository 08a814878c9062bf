#pragma once
/// Schedules as text.

#include "dialects/phi/PhiDialect.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace phidias::schedule {

/// `name = value` fields of one line, for the stages with its name; "*" means all.
struct Override {
  std::string stage;
  std::vector<std::pair<std::string, int64_t>> fields;
  unsigned line;
};

/// Reads `path`. Blank lines and lines that start with # say nothing. Errors name file and line.
llvm::Expected<std::vector<Override>> readOverrides(llvm::StringRef path);

/// `schedule` with what `overrides` say of `stage`, the later over the earlier; null, with a
/// diagnostic, where that is no schedule at all.
phi::ScheduleAttr applyOverrides(phi::ScheduleAttr schedule, llvm::StringRef stage,
                                 llvm::ArrayRef<Override> overrides);

} // namespace phidias::schedule
