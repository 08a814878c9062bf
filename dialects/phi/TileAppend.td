#ifndef PHI_TILEAPPEND
#define PHI_TILEAPPEND

include "dialects/phi/PhiBase.td"

def Phi_TileAppendOp : Phi_Op<"tile_append"> {
  let summary = "rotate a thread's share of the heads of a pass and put its keys and values into the cache";
  let description = [{
    `phi.rope` of query and key heads followed by `phi.cache_append`, on buffers. The work is items [from, to): item i is
    kv head `i % kvHeads` of token `i / kvHeads` with its query heads. Those are rotated in place; key (rotated) and value
    go to position `position + token` of `layer` in the cache, which `dialects/phi/PhiBase.td` draws. i8: per 32 channels
    the scale is the largest magnitude / 127, in f16; codes are rounded to nearest even; those of keys are stored + 128.

    - (C1) A row of qkv has the columns of `heads + 2 * kvHeads` heads; its channels lie side by side.
    - (C2) `heads` is a multiple of the cache's kvHeads.
    - (C3) 2n is at most the channels of a head, n being the number of frequencies; `long` has as many as `short`.

    `scratch` is this thread's own: `appendScratchBytes`.

    ```mlir
    func.func @append(%qkv: memref<?x64xf32>, %cache: memref<?xi8>, %scratch: memref<?xi8>, %layer: index, %position: index,
                      %capacity: index, %from: index, %to: index, %long: i1) {
      phi.tile_append %qkv, %cache[%layer], %scratch at %position, %long capacity %capacity items %from to %to heads 2
        short dense<[1.0, 0.5]> : tensor<2xf32> scale 1.0
        : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
      return
    }
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[F32], [2]>, "rows", [MemRead, MemWrite]>:$qkv,
                       Arg<Phi_Bytes, "cache", [MemRead, MemWrite]>:$cache, Arg<Phi_Bytes, "scratch", [MemRead, MemWrite]>:$scratch,
                       Index:$layer, Index:$position, I1:$use_long, Index:$capacity, Index:$from, Index:$to, I64Attr:$heads,
                       Phi_Frequencies:$short_frequencies, OptionalAttr<Phi_Frequencies>:$long_frequencies, F64Attr:$scale,
                       Phi_CacheTypeAttr:$cache_type);
  let assemblyFormat = [{
    $qkv `,` $cache `[` $layer `]` `,` $scratch `at` $position `,` $use_long `capacity` $capacity `items` $from `to` $to
    `heads` $heads `short` $short_frequencies (`long` $long_frequencies^)? `scale` $scale attr-dict `:`
    type($qkv) `,` type($cache) `as` $cache_type `,` type($scratch)
  }];
  let extraClassDeclaration = "CacheType getCacheLayout();";
  let hasVerifier = 1;
}

#endif // PHI_TILEAPPEND
