#pragma once
#include "mlir/IR/Operation.h"

namespace phidias {

/// Makes a private function of `op`, which has no results, and calls it in its place. What is
/// constant among the operands goes into the function. Gives the op in there.
mlir::Operation *outline(mlir::Operation *op, llvm::StringRef name);

} // namespace phidias
