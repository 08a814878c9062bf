#ifndef PHI_LINEAR
#define PHI_LINEAR

include "dialects/phi/PhiBase.td"

def Phi_LinearOp : Phi_Op<"linear", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "multiply rows by the transpose of a weight";
  let description = [{
    `result[t, n] = sum_k input[t, k] * weight[n, k]`; elements of the weight are widened to f32.

    - (C1) The weight is `[columns of result, columns of input]`.

    ```mlir
    phi.weight @o : 2 x tensor<8x4xf32> = [#phi.part<8 x "f32">] at dense<[[[0, 64]], [[0, 192]]]> : tensor<2x1x2xi64>
    func.func @project(%x: tensor<?x4xf32>, %layer: index) -> tensor<?x8xf32> {
      %0 = phi.linear %x, @o[%layer] : tensor<?x4xf32> -> tensor<?x8xf32>
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input, FlatSymbolRefAttr:$weight, Optional<Index>:$member);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$input `,` $weight (`[` $member^ `]`)? attr-dict `:` type($input) `->` type($result)";
}

#endif // PHI_LINEAR
