#ifndef PHIDIAS_LOWER_PASSES
#define PHIDIAS_LOWER_PASSES
include "mlir/Pass/PassBase.td"

def LowerToLoopsPass : Pass<"phi-lower-to-loops", "::mlir::ModuleOp"> {
  let summary = "lower every phi op to plain f32 loops: the reference lowering";
  let description = [{
    The thing that every target and fusion is compared with. Each op becomes loops over memrefs that are views of the
    arena, the weights and the cache; sums run in lanes, so that LLVM vectorises them and the error stays small. A loop
    is cut over the threads of the team and ends at a barrier. Each body of `phi.layers` becomes one function, called
    once for each layer, so that code does not grow with the number of layers.

    Needs `phi-assign-layout` and `phi-plan-arena` before it.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}
#endif
