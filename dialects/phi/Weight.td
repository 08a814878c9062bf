#ifndef PHI_WEIGHT
#define PHI_WEIGHT

include "dialects/phi/PhiBase.td"

def Phi_WeightOp : Phi_Op<"weight", [Symbol]> {
  let summary = "name a matrix, or a family of them, that lies in the checkpoint's files";
  let description = [{
    A weight `[rows, columns]` whose rows are parts of checkpoint tensors, stacked. `count` 0 is one matrix; greater
    than 0 is a family with so many members, used as `@name[%i]`. `sources[member, part]` is the pair (file, byte
    offset): the index into the module's `phi.files` and where in that file the part's first row starts. The element
    type of `type` is what the program's weights file holds; parts say what the checkpoint holds. `packed`, set when
    the weights file is laid out, says where the member lies in it. `through` names a quantised type to whose values
    the weights are rounded before they are stored: the reference pipeline computes in floats with what a quantised
    program would hold.

    - (C1) `type` is a static matrix with rows and columns of at least 1.
    - (C2) The rows of the parts add up to the rows of `type`.
    - (C3) `sources` has the shape `[max(count, 1), parts, 2]`.
    - (C4) Element type is f32, f16, bf16 or `!phi.quantized`.
    - (C5) A permuted part's rows divide by twice its heads.
    - (C6) `sources` has no negative entries.
    - (C7) A part's elements are f32, f16, bf16, q4_0, q4_1, q8_0 or q6_k.
    - (C8) Where the module has `phi.files`, the files of `sources` are among them.
    - (C9) `through` is `!phi.quantized` and goes with elements of f32.

    ```mlir
    module attributes {phi.files = ["model.safetensors"]} {
      phi.weight @o : 2 x tensor<8x4xbf16> = [#phi.part<8 x "bf16">] at dense<[[[0, 64]], [[0, 128]]]> : tensor<2x1x2xi64>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, DefaultValuedAttr<I64Attr, "0">:$count, TypeAttr:$type,
                       TypedArrayAttrBase<Phi_Part, "parts">:$parts, I64ElementsAttr:$sources, OptionalAttr<Phi_Packed>:$packed,
                       OptionalAttr<TypeAttr>:$through);
  let assemblyFormat = [{
    $sym_name `:` custom<Family>($count, $type) `=` $parts `at` $sources (`packed` $packed^)? (`through` $through^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() { return ::llvm::cast<::mlir::RankedTensorType>(getType()); }
    bool isFamily() { return getCount() > 0; }
    /// Matrices that this op names: 1, or the members of the family.
    int64_t getMembers() { return isFamily() ? getCount() : 1; }
    /// Bytes of one member in the weights file, before alignment.
    int64_t getMemberBytes();
  }];
}

#endif // PHI_WEIGHT
