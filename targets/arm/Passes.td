#ifndef PHIDIAS_TARGETS_ARM_PASSES
#define PHIDIAS_TARGETS_ARM_PASSES
include "mlir/Pass/PassBase.td"

def ArmLowerVectorPass : Pass<"phi-arm-lower-vector", "::mlir::ModuleOp"> {
  let summary = "turn phi.dot, phi.dot_matrix, phi.dot_bf16 and phi.lookup into ARM64 instructions";
  let description = [{
    By the module's `phi.machine`: vectors of 4 lanes become instructions of NEON, those of 8 or 16 of SVE where the machine's
    are as long, and are cut otherwise.

    | op | with `dot` | without |
    |---|---|---|
    | `phi.dot`, signed codes or codes to 127 | `sdot` | `smull`, `smull2`, `addp`, `sadalp` |
    | `phi.dot`, codes to 255 | `usdot` where codes need not be signed | two of the above, for 7 bits and for 1 |
    | `phi.dot_matrix` with `matrix` | `smmla`, `usmmla` | two of `phi.dot` |
    | `phi.dot_bf16` with `bf16` | `bfdot` | two fused multiply-adds of widened halves |
    | `phi.lookup` | `tbl` | `tbl` |

    With `value_lanes` and without `matrix`, loads of 64 bytes of which slices are used become `ld1` of four registers
    (LoadLines.cpp).
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"];
}
#endif
