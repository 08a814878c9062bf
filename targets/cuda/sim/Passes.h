#pragma once
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/Pass.h"

namespace phidias {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "targets/cuda/sim/Passes.h.inc"

/// Adds `name`, a phirt::abi::Forward that launches @forward; after phi-cuda-lower-to-sim.
void addSimForward(mlir::ModuleOp module, llvm::StringRef name);

} // namespace phidias
