#pragma once
/// Schedules of a GPU's blocks of threads; what the fields mean there stands at #phi.schedule.

#include "dialects/phi/PhiDialect.h"
#include <string>

namespace phidias::schedule {

phi::ScheduleAttr defaultForBlocks(phi::MachineAttr machine);

/// Empty, or why `schedule` cannot be used.
std::string problemOfBlocks(phi::ScheduleAttr schedule, phi::MachineAttr machine);

} // namespace phidias::schedule
