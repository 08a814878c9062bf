#ifndef PHIDIAS_VECTORIZE_PASSES
#define PHIDIAS_VECTORIZE_PASSES
include "mlir/Pass/PassBase.td"

def VectorizePass : Pass<"phi-vectorize", "::mlir::ModuleOp"> {
  let summary = "turn tile ops into loops over vectors";
  let description = [{
    Products become `phi.dot` and `phi.dot_bf16`, which a target turns into its instructions. Vectors of the linears have 16
    lanes, those of attention the lanes of the module's `phi.machine`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}
#endif
