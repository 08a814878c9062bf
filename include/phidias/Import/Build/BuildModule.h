#pragma once
/// From a model as read to a module of phi ops.

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "phidias/Import/Phi/Model.h"

namespace phidias {

/// What the program's weights file holds. Keep: the checkpoint's own float type, f32 for quantised
/// types. Norms are f32 in each.
enum class WeightFormat { F32, BF16, Keep };

/// `func @forward(tokens, position, use_long, rows, cache) -> (logits, cache)` and the weights it
/// names. The layer body stands once for each distinct signature of weight types. Needs the phi,
/// func dialects loaded.
mlir::OwningOpRef<mlir::ModuleOp> buildModule(mlir::MLIRContext &context, const Model &model,
                                              WeightFormat format);

} // namespace phidias
