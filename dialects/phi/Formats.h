#pragma once
/// The element types that have a name: what checkpoints hold, and what `--quantize` chooses.

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"

namespace phidias::phi {

/// f32, f16, bf16; q4_0, q4_1, q8_0, q6_k as GGUF has them; int8 (q8_0's codes) and int4 as Phidias
/// rounds them itself, rotated. Null for any other name.
mlir::Type formatType(mlir::MLIRContext *context, llvm::StringRef name);

} // namespace phidias::phi
