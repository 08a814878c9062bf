#pragma once
#include "dialects/phi/PhiDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace phidias {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "targets/arm/Passes.h.inc"
} // namespace phidias
