#ifndef PHI_SWIGLU
#define PHI_SWIGLU

include "dialects/phi/PhiBase.td"

def Phi_SwiGluOp : Phi_Op<"swiglu", [Pure]> {
  let summary = "gate the second half of each row by the SiLU of the first";
  let description = [{
    `result[t, i] = input[t, n + i] * silu(input[t, i])` with n columns of result and `silu(x) = x / (1 + exp(-x))`
    (transformers, `Phi3MLP`: gate first, then up).

    - (C1) The input has twice the columns of the result.

    ```mlir
    func.func @swiglu(%x: tensor<?x16xf32>) -> tensor<?x8xf32> {
      %0 = phi.swiglu %x : tensor<?x16xf32> -> tensor<?x8xf32>
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

#endif // PHI_SWIGLU
