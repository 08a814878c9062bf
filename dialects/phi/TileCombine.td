#ifndef PHI_TILECOMBINE
#define PHI_TILECOMBINE

include "dialects/phi/PhiBase.td"

def Phi_TileCombineOp : Phi_Op<"tile_combine"> {
  let summary = "put together what the parts of a split phi.tile_attention found";
  let description = [{
    For the items [from, to): item i is query head `i % heads` of token `i / heads` of a pass of `count` tokens. With the
    largest score m[s], the sum of weights l[s] and the weighted sum o[s] of each part s, which `phi.tile_attention` left in
    partials, and `m = max m[s]`:

    ```text
    result[token, head] = sum_s e^(m[s] - m) o[s] / sum_s e^(m[s] - m) l[s]
    ```

    All parts must have been written: between the two ops is a barrier of the team.

    - (C1) A row of result has the columns of `heads` heads, a row of partials two more for each head; both side by side.

    ```mlir
    func.func @combine(%partials: memref<?x36xf32>, %result: memref<?x32xf32>, %splits: index, %count: index, %from: index,
                       %to: index) {
      phi.tile_combine %partials, %result splits %splits count %count items %from to %to heads 2
        : memref<?x36xf32>, memref<?x32xf32>
      return
    }
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[F32], [2]>, "parts", [MemRead]>:$partials,
                       Arg<MemRefRankOf<[F32], [2]>, "rows", [MemWrite]>:$result, Index:$splits, Index:$count, Index:$from,
                       Index:$to, I64Attr:$heads);
  let assemblyFormat = [{
    $partials `,` $result `splits` $splits `count` $count `items` $from `to` $to `heads` $heads attr-dict `:`
    type($partials) `,` type($result)
  }];
  let hasVerifier = 1;
}

#endif // PHI_TILECOMBINE
