#ifndef PHI_ADD
#define PHI_ADD

include "dialects/phi/PhiBase.td"

def Phi_AddOp : Phi_Op<"add", [Pure, Commutative, AllTypesMatch<["lhs", "rhs", "result"]>]> {
  let summary = "add rows element by element";
  let description = [{
    `result[t, i] = lhs[t, i] + rhs[t, i]`.

    ```mlir
    func.func @add(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %0 = phi.add %a, %b : tensor<?x8xf32>
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$lhs, Phi_Rows:$rhs);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
}

#endif // PHI_ADD
