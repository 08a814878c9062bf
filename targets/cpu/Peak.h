#pragma once
/// The processor's own limit, as code.

#include "mlir/IR/BuiltinOps.h"
#include "phidias/Target/Target.h"

namespace phidias {

/// Adds the function `name`, a phirt::abi::Peak: phi.dot into independent accumulators, all in
/// registers. Gives the operations of an iteration, a multiply-add counted as two. Where the
/// machine has no dot product this is the rate of what phi.dot becomes there (for codes of 4 bits,
/// the cheapest): the most that our code can reach, not the most that the multipliers could.
double addPeak(mlir::ModuleOp module, llvm::StringRef name, const Machine &machine);

} // namespace phidias
