#ifndef PHI_EMBED
#define PHI_EMBED

include "dialects/phi/PhiBase.td"

def Phi_EmbedOp : Phi_Op<"embed", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "look token ids up in the embedding";
  let description = [{
    `result[t, :] = weight[tokens[t], :]`, widened to f32. Ids are in range: the runtime checks them.

    - (C1) The weight has as many columns as the result.

    ```mlir
    phi.weight @embed : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
    func.func @lookup(%tokens: tensor<?xi32>) -> tensor<?x8xf32> {
      %0 = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x8xf32>
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins TensorRankOf<[I32], [1]>:$tokens, FlatSymbolRefAttr:$weight);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$tokens `,` $weight attr-dict `:` type($tokens) `->` type($result)";
}

#endif // PHI_EMBED
