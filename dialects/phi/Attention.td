#ifndef PHI_ATTENTION
#define PHI_ATTENTION

include "dialects/phi/PhiBase.td"

def Phi_AttentionOp : Phi_Op<"attention", [Pure]> {
  let summary = "attend causally to the cache";
  let description = [{
    Grouped-query attention. With query head h of row t at position `p = position + t`, kv head `h / (heads / kvHeads)`,
    keys K and values V of `layer`:

    ```text
    score[s]     = scale * q . K[s]        for s <= p, and s > p - window where a window is given
    result[t, h] = sum_s softmax(score)[s] * V[s]
    ```

    - (C1) The columns of qkv are those of `heads + 2 * kvHeads` heads.
    - (C2) The columns of result are those of `heads` heads.
    - (C3) `kvHeads` divides `heads`.
    - (C4) `window`, where given, is at least 1.

    ```mlir
    func.func @attention(%qkv: tensor<?x32xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>, %layer: index, %position: index)
        -> tensor<?x16xf32> {
      %0 = phi.attention %qkv, %cache[%layer] at %position heads 2 scale 0.35355339
        : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
      return %0 : tensor<?x16xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$qkv, Phi_Cache:$cache, Index:$layer, Index:$position, I64Attr:$heads, F64Attr:$scale,
                       OptionalAttr<I64Attr>:$window);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = [{
    $qkv `,` $cache `[` $layer `]` `at` $position `heads` $heads `scale` $scale (`window` $window^)? attr-dict `:`
    type($qkv) `,` type($cache) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // PHI_ATTENTION
