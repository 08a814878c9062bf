#ifndef PHI_TILEATTENTION
#define PHI_TILEATTENTION

include "dialects/phi/PhiBase.td"

def Phi_TileAttentionOp : Phi_Op<"tile_attention", [AttrSizedOperandSegments]> {
  let summary = "attend causally to the cache with a thread's share of the heads and tokens of a pass";
  let description = [{
    `phi.attention` on buffers, for the items [from, to). A pass of `count` tokens is cut into blocks of `tokens`; item i is
    block `i % blocks` for kv head `i / blocks`, with all its query heads: their rows are worked on together, so that keys
    and values are read once for `tokens * heads / kvHeads` rows. There are `kvHeads * ceil(count / tokens)` items.

    With few rows (less than 16) keys and values are widened where they are used and fetched ahead; with more, a block of
    them is widened once for all rows. With an i8 cache queries are quantised to i8 per 32 channels for the scores.

    With `splits` the positions of each item are cut into that many parts, for passes with fewer items than threads: item i
    is part `i % splits` of what was item `i / splits`. Then result is not written; row `split * count + token` of partials
    is `[heads][D]` weighted sums, `[heads]` largest scores and `[heads]` sums of weights, for `phi.tile_combine`.

    - (C1) A row of qkv has the columns of `heads + 2 * kvHeads` heads; its channels lie side by side.
    - (C2) `heads` is a multiple of the cache's kvHeads.
    - (C3) A row of result has the columns of `heads` heads; its channels lie side by side.
    - (C4) `window`, where given, is at least 1; `tokens` is 1 to 256.

    - (C5) `splits` and `partials` are given together; a row of partials has the columns of `heads` heads and two more for
      each head; they lie side by side.

    `scratch` is this thread's own: `attentionScratchBytes`.

    ```mlir
    func.func @attend(%qkv: memref<?x64xf32>, %cache: memref<?xi8>, %result: memref<?x32xf32>, %scratch: memref<?xi8>,
                      %layer: index, %position: index, %count: index, %capacity: index, %from: index, %to: index) {
      phi.tile_attention %qkv, %cache[%layer], %result, %scratch at %position count %count capacity %capacity
        items %from to %to heads 2 tokens 8 scale 0.25
        : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
      return
    }
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[F32], [2]>, "rows", [MemRead]>:$qkv, Arg<Phi_Bytes, "cache", [MemRead]>:$cache,
                       Arg<MemRefRankOf<[F32], [2]>, "rows", [MemWrite]>:$result,
                       Arg<Phi_Bytes, "scratch", [MemRead, MemWrite]>:$scratch, Index:$layer, Index:$position, Index:$count,
                       Index:$capacity, Index:$from, Index:$to, Optional<Index>:$splits,
                       Arg<Optional<MemRefRankOf<[F32], [2]>>, "parts", [MemWrite]>:$partials, I64Attr:$heads,
                       I64Attr:$tokens, F64Attr:$scale,
                       OptionalAttr<I64Attr>:$window, Phi_CacheTypeAttr:$cache_type);
  let assemblyFormat = [{
    $qkv `,` $cache `[` $layer `]` `,` $result `,` $scratch `at` $position `count` $count `capacity` $capacity
    `items` $from `to` $to (`splits` $splits^ `partials` $partials)? `heads` $heads `tokens` $tokens `scale` $scale
    (`window` $window^)? attr-dict `:`
    type($qkv) `,` type($cache) `as` $cache_type `,` type($result) `,` type($scratch) (`,` type($partials)^)?
  }];
  let extraClassDeclaration = "CacheType getCacheLayout();";
  let hasVerifier = 1;
}

#endif // PHI_TILEATTENTION
