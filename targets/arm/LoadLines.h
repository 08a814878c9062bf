#pragma once
/// Lines of memory that several registers take.

#include "mlir/IR/BuiltinOps.h"

namespace phidias {

/// Makes one instruction of each load of 64 bytes of plain memory of which slices are used.
void loadLinesAtOnce(mlir::ModuleOp module);

} // namespace phidias
