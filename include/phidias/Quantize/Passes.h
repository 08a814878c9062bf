#pragma once
#include "dialects/phi/PhiDialect.h"
#include "mlir/Pass/Pass.h"

namespace phidias {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "phidias/Quantize/Passes.h.inc"

/// `int4`, `int8`, `bf16`, `f16`, `f32`, `keep` or `auto`.
bool isFormatName(llvm::StringRef name);
} // namespace phidias
