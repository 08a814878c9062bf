#ifndef PHIDIAS_TARGETS_CPU_PASSES
#define PHIDIAS_TARGETS_CPU_PASSES
include "mlir/Pass/PassBase.td"

def CpuLowerVectorPass : Pass<"phi-cpu-lower-vector", "::mlir::ModuleOp"> {
  let summary = "turn phi.dot, phi.dot_matrix, phi.dot_bf16 and phi.lookup into x86-64 instructions";
  let description = [{
    By the module's `phi.machine`: `vpdpbusd` where it is native; else `vpmaddubsw` and `vpmaddwd` for codes that cannot
    overflow 16 bits, and widening to 16 bits first for others. Vectors of 4 lanes and signed codes are taken apart in i32; a matrix product is two of `phi.dot`. `vdpbf16ps`, or
    two fused multiply-adds of widened halves. `vpshufb` for tables.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect", "::mlir::vector::VectorDialect"];
}
#endif
