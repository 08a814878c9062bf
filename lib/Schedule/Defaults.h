#pragma once
/// The schedule that a stage gets where no one says otherwise, and what makes one impossible.

#include "dialects/phi/PhiDialect.h"
#include <string>

namespace phidias::schedule {

/// What a schedule has to fit.
struct StageShape {
  mlir::Type weight;     ///< element type
  mlir::Type activation; ///< i8, bf16 or f32
  bool gated;            ///< gate and up side by side
};

phi::ScheduleAttr defaultFor(phi::MachineAttr machine, const StageShape &shape);

/// Empty, or why `schedule` cannot be used.
std::string problemOf(phi::ScheduleAttr schedule, phi::MachineAttr machine,
                      const StageShape &shape);

} // namespace phidias::schedule
