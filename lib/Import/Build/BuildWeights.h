#pragma once
/// Emits phi.weight ops.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Import/Build/BuildModule.h"

namespace phidias {

/// What the program holds of `weight`. Norms (one row) are always f32.
mlir::Type storedType(mlir::MLIRContext *context, const Weight &weight, WeightFormat format);

/// Emits a phi.weight named `name`: one matrix, or a family where `family` is set. All members have
/// the same parts.
void emitWeight(mlir::OpBuilder &b, llvm::StringRef name, llvm::ArrayRef<const Weight *> members,
                bool family, WeightFormat format);

} // namespace phidias
