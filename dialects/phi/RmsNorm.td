#ifndef PHI_RMSNORM
#define PHI_RMSNORM

include "dialects/phi/PhiBase.td"

def Phi_RmsNormOp : Phi_Op<"rms_norm", [Pure, AllTypesMatch<["input", "result"]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "divide each row by its root mean square and scale it by a weight";
  let description = [{
    `result[t, i] = input[t, i] / sqrt(mean_j(input[t, j]^2) + eps) * weight[0, i]`, in f32
    (transformers, `Phi3RMSNorm`).

    - (C1) The weight is `[1, columns of input]`.
    - (C2) `eps` is not negative and finite.

    ```mlir
    phi.weight @norm : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
    func.func @normalise(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %0 = phi.rms_norm %x, @norm eps 1.0e-5 : tensor<?x8xf32>
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input, FlatSymbolRefAttr:$weight, Optional<Index>:$member, F64Attr:$eps);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$input `,` $weight (`[` $member^ `]`)? `eps` $eps attr-dict `:` type($input)";
  let hasVerifier = 1;
}

#endif // PHI_RMSNORM
