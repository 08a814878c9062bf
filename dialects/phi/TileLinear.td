#ifndef PHI_TILELINEAR
#define PHI_TILELINEAR

include "dialects/phi/PhiBase.td"

def Phi_TileLinearOp : Phi_Op<"tile_linear"> {
  let summary = "multiply prepared rows by a thread's share of a weight's panels";
  let description = [{
    `phi.linear` on buffers, for the panels [from, to) of the weight (rows 16 * from on; Panel.md) whose first byte is
    `weights[offset]`, and for the tokens [0, count) that `phi.tile_prepare` left in `activations`. With acc the products:

    ```text
    result[t, n] = acc[t, n]                                    or, with residual, residual[t, n] + acc[t, n]
    result[t, n] = silu(acc[t, n]) * acc[t, rows / 2 + n]       gated; panels then count those of the gate
    ```

    Few tokens (up to 8, on some machines 2 or 4) walk `schedule.streams` panels at far-apart addresses together; more are worked on in tiles.

    - (C1) The weight is a matrix `[rows, columns]` with an element type that a weight may have.
    - (C2) `activation` is i8 for quantised weights, else f32, or bf16 for bf16 weights.
    - (C3) A row of result has `rows` columns, half of them gated; so has a row of residual.
    - (C4) Gated: half the rows divide by 16, and there is no residual.

    `scratch` is this thread's own: `linearScratchBytes`.

    ```mlir
    func.func @linear(%acts: memref<?xi8>, %weights: memref<?xi8>, %offset: index, %result: memref<?x32xf32>,
                      %scratch: memref<?xi8>, %from: index, %to: index, %count: index) {
      phi.tile_linear %acts, %weights[%offset], %result, %scratch panels %from to %to tokens %count
        of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
        schedule <streams = 2, prefetch = 8, tokens = 4, panels = 2, chunk = 64>
        : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
      return
    }
    ```
  }];
  let arguments = (ins Arg<Phi_Bytes, "activations", [MemRead]>:$activations, Arg<Phi_Bytes, "weights", [MemRead]>:$weights,
                       Index:$offset, Arg<MemRefRankOf<[F32], [2]>, "rows", [MemWrite]>:$result,
                       Arg<Phi_Bytes, "scratch", [MemRead, MemWrite]>:$scratch,
                       Arg<Optional<MemRefRankOf<[F32], [2]>>, "residual", [MemRead]>:$residual,
                       Index:$from, Index:$to, Index:$count,
                       TypeAttr:$weight_type, TypeAttr:$activation, UnitAttr:$gated, Phi_Schedule:$schedule);
  let assemblyFormat = [{
    $activations `,` $weights `[` $offset `]` `,` $result `,` $scratch (`residual` $residual^ `:` type($residual))?
    `panels` $from `to` $to `tokens` $count `of` $weight_type `by` $activation (`gated` $gated^)? `schedule` $schedule
    attr-dict `:` type($activations) `,` type($weights) `,` type($result) `,` type($scratch)
  }];
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getWeight() { return ::llvm::cast<::mlir::RankedTensorType>(getWeightType()); }
    ::mlir::Type getElement() { return getWeight().getElementType(); }
    int64_t getRows() { return getWeight().getDimSize(0); }
    int64_t getColumns() { return getWeight().getDimSize(1); }
  }];
  let hasVerifier = 1;
}

def Phi_TilePrepareOp : Phi_Op<"tile_prepare", [AttrSizedOperandSegments]> {
  let summary = "normalise rows and put them into the form that a weight's dot products read";
  let description = [{
    For the tokens [from, to): row `first + t` of `rows`, normalised as `phi.rms_norm` does where `norm` is given (the byte
    of `weights` where the f32 norm weight starts), becomes row t of `activations` (Activations.h): i8 with, per 32
    columns, a scale (the largest magnitude / 127, f32; codes are rounded to nearest even; for a codebook the same in a block,
    `ActivationLayout::block`) and the sums that the weight's zero point or minimum needs; or bf16 or f32. Columns are padded with zeros to 64.

    `count`, the tokens of the pass, is given where a machine wants wide rows (`#phi.machine`) of a quantised or f16 weight:
    where there are more than 8, f16 rows take the place of i8 or f32.

    - (C1) The weight has as many columns as `rows`.
    - (C2) `activation` is i8 for quantised weights, else f32, or bf16 for bf16 weights.
    - (C3) `eps` is given where `norm` is.
    - (C4) `count` is given for quantised and f16 weights alone.

    ```mlir
    func.func @prepare(%rows: memref<?x64xf32>, %acts: memref<?xi8>, %weights: memref<?xi8>, %norm: index, %first: index,
                       %from: index, %to: index) {
      phi.tile_prepare %rows[%first], %acts norm %weights[%norm] eps 1.0e-5 tokens %from to %to
        for tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
        : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
      return
    }
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[F32], [2]>, "rows", [MemRead]>:$rows, Index:$first,
                       Arg<Phi_Bytes, "activations", [MemWrite]>:$activations,
                       Arg<Phi_Bytes, "weights", [MemRead]>:$weights, Optional<Index>:$norm, OptionalAttr<F64Attr>:$eps,
                       Index:$from, Index:$to, Optional<Index>:$count, TypeAttr:$weight_type, TypeAttr:$activation);
  let assemblyFormat = [{
    $rows `[` $first `]` `,` $activations `norm` $weights (`[` $norm^ `]` `eps` $eps)? `tokens` $from `to` $to (`in` $count^)?
    `for` $weight_type `by` $activation attr-dict `:` type($rows) `,` type($activations) `,` type($weights)
  }];
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getWeight() { return ::llvm::cast<::mlir::RankedTensorType>(getWeightType()); }
    int64_t getColumns() { return getWeight().getDimSize(1); }
  }];
  let hasVerifier = 1;
}

def Phi_TileEmbedOp : Phi_Op<"tile_embed"> {
  let summary = "look a thread's share of the tokens up in an embedding that lies in panels";
  let description = [{
    `result[t, :] = weight[tokens[t], :]` for the tokens [from, to), widened to f32.

    - (C1) A row of result has the columns of the weight.

    ```mlir
    func.func @embed(%tokens: memref<?xi32>, %weights: memref<?xi8>, %offset: index, %result: memref<?x64xf32>,
                     %from: index, %to: index) {
      phi.tile_embed %tokens, %weights[%offset], %result tokens %from to %to of tensor<97x64xbf16>
        : memref<?xi32>, memref<?xi8>, memref<?x64xf32>
      return
    }
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[I32], [1]>, "tokens", [MemRead]>:$tokens, Arg<Phi_Bytes, "weights", [MemRead]>:$weights,
                       Index:$offset, Arg<MemRefRankOf<[F32], [2]>, "rows", [MemWrite]>:$result, Index:$from, Index:$to,
                       TypeAttr:$weight_type);
  let assemblyFormat = [{
    $tokens `,` $weights `[` $offset `]` `,` $result `tokens` $from `to` $to `of` $weight_type attr-dict `:`
    type($tokens) `,` type($weights) `,` type($result)
  }];
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getWeight() { return ::llvm::cast<::mlir::RankedTensorType>(getWeightType()); }
  }];
  let hasVerifier = 1;
}

#endif // PHI_TILELINEAR
