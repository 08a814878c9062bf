#ifndef PHIDIAS_PACK_PASSES
#define PHIDIAS_PACK_PASSES
include "mlir/Pass/PassBase.td"

def AssignLayoutPass : Pass<"phi-assign-layout", "::mlir::ModuleOp"> {
  let summary = "place every weight in the weights file";
  let description = [{
    Sets `packed` on each `phi.weight` and `phi.data_bytes` on the module. Members of the families of one layer body
    lie together, layer after layer, so that a layer's weights are read in one sweep and one stride serves them all.
    With `panels`, matrices lie in panels (dialects/phi/Panel.md); quantised elements need them.

    Before and after:
    ```text
    phi.weight @o : 2 x tensor<8x4xf32> = ... at ...
    phi.weight @o : 2 x tensor<8x4xf32> = ... at ... packed <offset = 4096, stride = 128>
    ```
  }];
  let options = [Option<"panels", "panels", "bool", "false", "matrices lie in panels">];
  let dependentDialects = ["::phidias::phi::PhiDialect"];
}
#endif
