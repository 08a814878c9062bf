#ifndef PHIDIAS_MEMORY_PASSES
#define PHIDIAS_MEMORY_PASSES
include "mlir/Pass/PassBase.td"

def PlanArenaPass : Pass<"phi-plan-arena", "::mlir::ModuleOp"> {
  let summary = "give every value of rows a place in one arena";
  let description = [{
    Each op that makes rows gets the attribute `arena_offset`, in bytes; values that live at the same time do not
    overlap. What a function returns lies in the caller's buffer and gets none. The module gets `phi.arena_bytes`.
    Bodies of `phi.layers` lie above what their function holds; the rows that layers hand on have the place of the op,
    which is that of its input where nothing else reads the input any more.

    Before and after:
    ```text
    %1 = phi.add %0, %0 : tensor<?x8xf32>
    %1 = phi.add %0, %0 {arena_offset = 2048 : i64} : tensor<?x8xf32>
    ```
  }];
  let options = [Option<"maxTokens", "max-tokens", "int64_t", "64", "most tokens that one pass takes">];
  let dependentDialects = ["::phidias::phi::PhiDialect"];
}
#endif
