#ifndef PHIDIAS_TILE_PASSES
#define PHIDIAS_TILE_PASSES
include "mlir/Pass/PassBase.td"

def TilePass : Pass<"phi-tile", "::mlir::ModuleOp"> {
  let summary = "turn stages into parallel loops of tile ops on buffers";
  let description = [{
    Each stage becomes one or more `scf.forall` over the threads of the team, whose bodies hold the thread's share as tile
    ops (`phi.tile_linear`, `phi.tile_attention`, ...) on views of the arena, the weights and the cache. Each body of
    `phi.layers` becomes one function, called once a layer. Adds to `phi.arena_bytes` what the activations need, and sets
    `phi.thread_bytes`, each thread's scratch, and `phi.stages`, what the profile and the report say of each stage.

    Needs `phi-assign-layout` with panels, `phi-plan-arena` and `phi-schedule` before it.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def DistributePass : Pass<"phi-distribute", "::mlir::ModuleOp"> {
  let summary = "run each thread's share of a parallel loop on it, and meet at the barrier";
  let description = [{
    Every thread of the team calls the same functions: an `scf.forall` over the threads is its body, for the thread that
    calls, then the barrier.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}
#endif
