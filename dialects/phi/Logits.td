#ifndef PHI_LOGITS
#define PHI_LOGITS

include "dialects/phi/PhiBase.td"

def Phi_LogitsOp : Phi_Op<"logits", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "score every token of the vocabulary for the last rows";
  let description = [{
    `result[r, n] = sum_k input[count - rows + r, k] * weight[n, k]`: as `phi.linear`, of the last `rows` rows alone.

    - (C1) The weight is `[columns of result, columns of input]`.

    ```mlir
    phi.weight @embed : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
    func.func @head(%x: tensor<?x8xf32>, %rows: index) -> tensor<?x97xf32> {
      %0 = phi.logits %x, @embed last %rows : tensor<?x8xf32> -> tensor<?x97xf32>
      return %0 : tensor<?x97xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input, FlatSymbolRefAttr:$weight, Index:$rows);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$input `,` $weight `last` $rows attr-dict `:` type($input) `->` type($result)";
}

#endif // PHI_LOGITS
