#pragma once
#include "dialects/phi/PhiDialect.h"
#include "phidias/Report/Report.h"

namespace phidias::report {

/// What multiplies a weight of this element type.
const Product &productOf(const Products &products, mlir::Type element, mlir::Type activation);
bool hasUnpackedForm(mlir::Type element);

InnerBlock innerBlock(mlir::Type element, mlir::Type activation, phi::ScheduleAttr schedule,
                      const TargetSpec &target);

} // namespace phidias::report
