#pragma once
/// What the simulator calls the ops of a kernel.

#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace phidias::sim {

class Sites {
public:
  /// The number of `op`: a new one for each call.
  int64_t add(mlir::Operation *op);
  /// Lines "function\top\tlocation\n".
  llvm::StringRef text() const { return lines; }

private:
  std::string lines;
  int64_t count = 0;
};

} // namespace phidias::sim
