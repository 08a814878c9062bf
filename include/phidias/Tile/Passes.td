#ifndef PHIDIAS_TILE_PASSES
#define PHIDIAS_TILE_PASSES
include "mlir/Pass/PassBase.td"

def TilePass : Pass<"phi-tile", "::mlir::ModuleOp"> {
  let summary = "turn stages into parallel loops of tile ops on buffers";
  let description = [{
    Each stage becomes one or more `scf.forall` over the pieces that its tokens, panels or heads are cut into, whose bodies
    hold a piece as tile ops (`phi.tile_linear`, `phi.tile_attention`, ...) on views of the arena, the weights and the cache.
    There are as many pieces as threads where cores are alike, up to some times as many where they differ, and never more
    than there are units of work, so that none is empty; results do not depend on their number. Each body of
    `phi.layers` becomes one function, called once a layer. Adds to `phi.arena_bytes` what the activations need, and sets
    `phi.thread_bytes`, each thread's scratch, and `phi.stages`, what the profile and the report say of each stage.

    Where the machine `chooses`, a pass that is given a choice (ForwardArgs) ends with the steps of `phi.tile_choose`.

    Needs `phi-assign-layout` with panels, `phi-plan-arena` and `phi-schedule` before it.
  }];
  let options = [Option<"chooses", "chooses", "bool", "false", "passes choose the next token themselves">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def DistributePass : Pass<"phi-distribute", "::mlir::ModuleOp"> {
  let summary = "run each thread's pieces of a parallel loop on it, and meet at the barrier";
  let description = [{
    Every thread of the team calls the same functions. An `scf.forall` over pieces becomes a loop of the thread that calls:
    from the piece of the thread's own number on, as long as there are pieces, the body for this piece, then `phirt_claim` for
    the next. After it comes the barrier. Where each thread has one piece, the runtime gives it no second.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
}

def OutlineTilesPass : Pass<"phi-outline-tiles", "::mlir::ModuleOp"> {
  let summary = "make a function of each tile op";
  let description = [{
    `phi.tile_linear` in the loop over a thread's pieces becomes `call @linear_0(...)`, and so on for every kind of tile op,
    numbered in the order in which they stand in the module. What is constant among the operands goes into the function.
    Functions are what later passes, LLVM's too, work on side by side, and register allocation and its kin take more than
    twice as long for twice the code. At run time it is one call for a piece of work.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}
#endif
