#pragma once
#include "dialects/phi/PhiDialect.h"
#include "phidias/Report/Report.h"

namespace phidias::report {

/// What multiplies a weight of this element type.
const Product &productOf(const Products &products, mlir::Type element, mlir::Type activation);
bool hasUnpackedForm(mlir::Type element);

/// `columns`: of the weight.
InnerBlock innerBlock(mlir::Type element, mlir::Type activation, int64_t columns,
                      phi::ScheduleAttr schedule, const TargetSpec &target);

} // namespace phidias::report
