#pragma once
#include "mlir/IR/DialectRegistry.h"

namespace phidias {

/// The dialects that Phidias reads and makes.
void registerDialects(mlir::DialectRegistry &registry);
/// Every pass of ours, and MLIR's canonicaliser and CSE.
void registerPasses();

} // namespace phidias
