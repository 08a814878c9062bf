#pragma once
/// Emits phi.weight ops.

#include "dialects/phi/PhiDialect.h"
#include "phidias/Import/Build/BuildModule.h"

namespace phidias {

/// Emits a phi.weight named `name`: one matrix, or a family where `family` is set. All members have
/// the same parts. The element type is what the checkpoint holds; phi-quantize changes it.
void emitWeight(mlir::OpBuilder &b, llvm::StringRef name, llvm::ArrayRef<const Weight *> members,
                bool family);

} // namespace phidias
