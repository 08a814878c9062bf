#ifndef PHI_CACHEAPPEND
#define PHI_CACHEAPPEND

include "dialects/phi/PhiBase.td"

def Phi_CacheAppendOp : Phi_Op<"cache_append", [Pure, AllTypesMatch<["cache", "result"]>]> {
  let summary = "put the keys and values of a pass into the cache";
  let description = [{
    A row of `qkv` is query heads, then the cache's key heads, then as many value heads. Keys and values of row t
    go to position `position + t` of layer `layer`.

    - (C1) `qkv` has the columns of `2 * kvHeads` heads and of at least one more.

    ```mlir
    func.func @append(%qkv: tensor<?x32xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>, %layer: index, %position: index)
        -> !phi.cache<2 x 1 x 8 x f32> {
      %0 = phi.cache_append %qkv, %cache[%layer] at %position : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32>
      return %0 : !phi.cache<2 x 1 x 8 x f32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$qkv, Phi_Cache:$cache, Index:$layer, Index:$position);
  let results = (outs Phi_Cache:$result);
  let assemblyFormat = "$qkv `,` $cache `[` $layer `]` `at` $position attr-dict `:` type($qkv) `,` type($cache)";
  let hasVerifier = 1;
}

#endif // PHI_CACHEAPPEND
