#ifndef PHI_ROPE
#define PHI_ROPE

include "dialects/phi/PhiBase.td"

def Phi_RopeOp : Phi_Op<"rope", [Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "rotate the first heads of each row by its position";
  let description = [{
    A row is heads of `head_dim` channels. In each of the first `heads` heads the first 2n channels turn, n being the
    number of frequencies; all else passes through. For i < n, with `a = (position + t) * frequency[i]` in f32:

    ```text
    result[i]     = input[i] * cos(a) * scale - input[n + i] * sin(a) * scale
    result[n + i] = input[n + i] * cos(a) * scale + input[i] * sin(a) * scale
    ```

    The frequencies are `short`, or `long` where it is given and `use_long` is true (LongRoPE; transformers,
    `_compute_longrope_parameters`).

    - (C1) 2n is at most `head_dim`; `long` has as many entries as `short`.
    - (C2) The columns of input divide by `head_dim`, into at least `heads` heads.

    ```mlir
    func.func @rope(%x: tensor<?x12xf32>, %position: index, %long: i1) -> tensor<?x12xf32> {
      %0 = phi.rope %x at %position, %long heads 2 of 4 short dense<[1.0, 0.5]> : tensor<2xf32> scale 1.0 : tensor<?x12xf32>
      return %0 : tensor<?x12xf32>
    }
    ```
  }];
  let arguments = (ins Phi_Rows:$input, Index:$position, I1:$use_long, I64Attr:$heads, I64Attr:$head_dim,
                       Phi_Frequencies:$short_frequencies, OptionalAttr<Phi_Frequencies>:$long_frequencies, F64Attr:$scale);
  let results = (outs Phi_Rows:$result);
  let assemblyFormat = [{
    $input `at` $position `,` $use_long `heads` $heads `of` $head_dim `short` $short_frequencies
    (`long` $long_frequencies^)? `scale` $scale attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

#endif // PHI_ROPE
