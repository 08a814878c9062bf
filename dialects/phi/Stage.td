#ifndef PHI_STAGE
#define PHI_STAGE

include "dialects/phi/PhiBase.td"

def Phi_StageOp : Phi_Op<"stage", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "ops that run as one parallel region";
  let description = [{
    What a fusion makes: the ops of the region become one kernel, between two barriers of the team. Values are seen from
    outside; what the region yields are the results. `schedule` is set by `phi-schedule`.

    - (C1) The region ends in `phi.stage_yield` of values with the types of the results.

    ```mlir
    phi.weight @o : tensor<8x8xf32> = [#phi.part<8 x "f32">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
    func.func @residual(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %0 = phi.stage "o" : tensor<?x8xf32> {
        %1 = phi.linear %y, @o : tensor<?x8xf32> -> tensor<?x8xf32>
        %2 = phi.add %x, %1 : tensor<?x8xf32>
        phi.stage_yield %2 : tensor<?x8xf32>
      }
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<Phi_Schedule>:$schedule);
  let results = (outs Variadic<AnyTypeOf<[Phi_Rows, Phi_Cache]>>:$values);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name (`schedule` $schedule^)? attr-dict `:` type($values) $body";
  let hasVerifier = 1;
}

def Phi_StageYieldOp : Phi_Op<"stage_yield", [Pure, Terminator, HasParent<"StageOp">]> {
  let summary = "give the results of a stage";
  let description = "Ends the region of `phi.stage`, whose page has an example.";
  let arguments = (ins Variadic<AnyTypeOf<[Phi_Rows, Phi_Cache]>>:$values);
  let assemblyFormat = "$values attr-dict `:` type($values)";
}

#endif // PHI_STAGE
