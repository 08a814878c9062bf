#pragma once
/// A processor's own limit, as code.

#include "mlir/IR/BuiltinOps.h"
#include "phidias/Target/Target.h"

namespace phidias {

/// How a machine's limit is reached.
struct PeakForm {
  int64_t lanes;          ///< of an accumulator
  int64_t chains;         ///< accumulators: enough to hide an instruction's latency
  std::string constraint; ///< of inline assembly: a vector in a register
  bool matrix = false;    ///< phi.dot_matrix; else phi.dot
  bool scalable = false;  ///< the register has a length that only the machine knows
};

/// Adds the function `name`, a phirt::abi::Peak: products into independent accumulators, all in
/// registers. Gives the operations of an iteration, a multiply-add counted as two. Where the
/// machine has no dot product this is the rate of what phi.dot becomes there (for codes of 4 bits,
/// the cheapest): the most that our code can reach, not the most that the multipliers could.
double addPeak(mlir::ModuleOp module, llvm::StringRef name, const PeakForm &form);

} // namespace phidias
