#pragma once
/// From a model as read to a module of phi ops.

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// `func @forward(tokens, position, use_long, rows, cache) -> (logits, cache)` and the weights it
/// names, each with the element type that the checkpoint holds. The layer body stands once for each
/// distinct signature of weight types. Needs the phi, func dialects loaded.
mlir::OwningOpRef<mlir::ModuleOp> buildModule(mlir::MLIRContext &context, const Model &model);

} // namespace phidias
