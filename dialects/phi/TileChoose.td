#ifndef PHI_TILECHOOSE
#define PHI_TILECHOOSE

include "dialects/phi/PhiBase.td"

def Phi_TileChooseOp : Phi_Op<"tile_choose"> {
  let summary = "one step towards the token that a row of logits gives";
  let description = [{
    `phirt/abi/Choice.h` says which token that is; `choice` holds such a struct. The row's columns are cut into slices, of which the op
    takes [from, to); what the slices find meets in `work`. Between two steps is a barrier of the team. The steps, in their order:

    | step | slices | |
    |---|---|---|
    | `best` | all | finds each slice's highest score |
    | `begin` | one | finds the highest of all: the token, where the choice is greedy; else round `first` starts with it |
    | `narrow` | all | a round: what falls to each value of the next four bits of a score, among the scores that may still be the last ones kept |
    | `weigh` | all | after round `round` - 1: the weight of each slice |
    | `draw` | one | finds the token |

    Rounds 0 to 7 find where top-k cuts, 8 to 15 where top-p does; `first` is 0 or 8.

    - (C1) step is one of these.

    ```mlir
    func.func @choose(%logits: memref<?x100xf32>, %choice: memref<?xi8>, %work: memref<?xi8>, %row: index, %round: index,
                      %first: index, %from: index, %to: index) {
      phi.tile_choose "narrow" %logits[%row] by %choice, %work round %round first %first slices %from to %to
        : memref<?x100xf32>, memref<?xi8>, memref<?xi8>
      return
    }
    ```
  }];
  let arguments = (ins StrAttr:$step, Arg<MemRefRankOf<[F32], [2]>, "rows", [MemRead]>:$logits, Index:$row,
                       Arg<Phi_Bytes, "choice", [MemRead, MemWrite]>:$choice,
                       Arg<Phi_Bytes, "work", [MemRead, MemWrite]>:$work, Index:$round, Index:$first, Index:$from,
                       Index:$to);
  let assemblyFormat = [{
    $step $logits `[` $row `]` `by` $choice `,` $work `round` $round `first` $first `slices` $from `to` $to attr-dict `:`
    type($logits) `,` type($choice) `,` type($work)
  }];
  let extraClassDeclaration = [{
    /// Of a row, at most; a slice is 256 columns at least, as many as threads work on it.
    static constexpr int64_t kSlices = 128;
    /// Columns of a slice, the last one may have fewer; and slices of a row.
    static int64_t widthFor(int64_t columns);
    static int64_t slicesFor(int64_t columns);
    /// Of a search: four bits of a score each.
    static constexpr int64_t kRounds = 8;
    /// That `work` has.
    static int64_t getWorkBytes();
  }];
  let hasVerifier = 1;
}

#endif // PHI_TILECHOOSE
