// The dialect, its types and attributes, and what the ops share.
#ifndef PHI_BASE
#define PHI_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Phi_Dialect : Dialect {
  let name = "phi";
  let summary = "The computation of a Phi language model, on tensors";
  let description = [{
    Ops are pure and work on `tensor<?xNxf32>`: a row for each token of a pass. The KV cache is a value of type
    `!phi.cache` that is threaded through. Weights are symbols (`phi.weight`) that point into the checkpoint's files;
    their bytes never enter the IR. A weight may be a family with one member for each layer: `@qkv[%layer]`. The module's
    attribute `phi.files` is the list of those files' names; weights point into it by number.
  }];
  let cppNamespace = "::phidias::phi";
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
  }];
}

class Phi_Op<string mnemonic, list<Trait> traits = []> : Op<Phi_Dialect, mnemonic, traits>;

/// Rows of f32, one for each token of the pass: their number is known at run time, their columns now.
def Phi_Rows : ConfinedType<2DTensorOf<[F32]>,
                            [CPred<"::llvm::cast<::mlir::RankedTensorType>($_self).isDynamicDim(0)">,
                             CPred<"::llvm::cast<::mlir::RankedTensorType>($_self).getDimSize(1) > 0">],
                            "rows of f32, tensor<?xNxf32>">;

/// A list of f32; as an elements attribute, so that long lists can be elided in print.
def Phi_Frequencies : ConfinedAttr<FloatElementsAttr<32>, [
  AttrConstraint<CPred<"::llvm::cast<::mlir::DenseFPElementsAttr>($_self).getType().getRank() == 1">, "one dimension">]>;

def Phi_Cache : TypeDef<Phi_Dialect, "Cache"> {
  let mnemonic = "cache";
  let summary = "the keys and values of every layer, up to a run-time capacity";
  let description = [{
    `!phi.cache<30 x 3 x 64 x f32>`: layers, key/value heads, channels of a head, element type (f32, f16 or i8). The
    reference pipeline takes f32 alone, in memory `[layer][key|value][kvHead][position][headDim]`.

    The fast pipeline has one region for each `[layer][key|value][kvHead]`, with a capacity that is a multiple of 16:

    ```text
    keys    f32, f16:  [position / 16][channel][position % 16]
            i8:        [position / 16][channel / 4][position % 16][channel % 4], code + 128;
                       then f16 scales [position / 16][channel / 32][position % 16]
    values  f32, f16:  [position][channel]
            i8:        [position / 4][channel][position % 4]; then f16 scales [position][channel / 32]
    ```

    i8 needs channels that divide by 32.
  }];
  let parameters = (ins "int64_t":$layers, "int64_t":$kvHeads, "int64_t":$headDim, "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $layers `x` $kvHeads `x` $headDim `x` $elementType `>`";
  let extraClassDeclaration = [{
    /// Bytes that the key, or the value, of one position of one head takes, scales included.
    int64_t getHeadBytes();
    /// Bytes of a position over all layers and heads, keys and values.
    int64_t getBytesPerPosition() { return 2 * getLayers() * getKvHeads() * getHeadBytes(); }
  }];
  let genVerifyDecl = 1;
}

def Phi_Quantized : TypeDef<Phi_Dialect, "Quantized"> {
  let mnemonic = "quantized";
  let summary = "an element of a quantised weight";
  let description = [{
    An unsigned code of 4, 6 or 8 bits; `group` columns of a row share a scale. What a code stands for:

    ```text
    scale * (code - zero)              !phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>         Q4_0; 8 bits, zero 128: Q8_0, int8
    scale * code + minimum             !phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>                      Q4_1
    super * scale * (code - zero)      !phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>                        Q6_K
    scale * codebook[code]             !phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = [-127, ...]>          int4
    ```

    With `rotated = true` (groups of 32 alone) that is not the weights w but Hw: the group times the Walsh-Hadamard matrix,
    `H[i][j] = (-1)^popcount(i & j) / sqrt(32)`, which is its own inverse. A product is the same when what it is multiplied with
    is rotated too, `w . x = Hw . Hx`, and a large element among small ones is spread over its group before it is rounded.
  }];
  let parameters = (ins "int64_t":$bits, "int64_t":$group, "::mlir::Type":$scale, "int64_t":$zero,
                        OptionalParameter<"::mlir::Type">:$minimum, OptionalParameter<"::mlir::Type">:$super,
                        OptionalParameter<"::mlir::DenseI8ArrayAttr">:$codebook,
                        DefaultValuedParameter<"bool", "false">:$rotated);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Phi_CacheTypeAttr : TypeAttrOf<Phi_Cache>;

/// A run of bytes that holds values of other types.
def Phi_Bytes : ConfinedType<MemRefRankOf<[I8], [1]>,
                             [CPred<"::llvm::cast<::mlir::MemRefType>($_self).getLayout().isIdentity()">],
                             "bytes, memref<?xi8>">;

def Phi_Part : AttrDef<Phi_Dialect, "Part"> {
  let mnemonic = "part";
  let summary = "some rows of a weight, as the checkpoint stores them";
  let description = [{
    `#phi.part<576 x q4_1>` or, where GGUF's llama arch stores the rows permuted for interleaved RoPE over 9 heads,
    `#phi.part<576 x q4_1 permuted 9>`: row `h*d + j*d/2 + i` of the weight is row `h*d + 2*i + j` of the file.
  }];
  let parameters = (ins "int64_t":$rows, "::mlir::StringAttr":$element, DefaultValuedParameter<"int64_t", "0">:$permutedHeads);
  let assemblyFormat = "`<` $rows `x` $element (`permuted` $permutedHeads^)? `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The element type that holds what the part holds, without loss; null where `element` is no known name.
    ::mlir::Type getStoredType();
  }];
}

def Phi_Packed : AttrDef<Phi_Dialect, "Packed"> {
  let mnemonic = "packed";
  let summary = "where a weight lies in the weights file's data";
  let description = [{
    Member i of a family starts at `offset + i * stride` bytes. `#phi.packed<offset = 0, stride = 64>`: row by row, or, with
    `panels = true`, in panels (Panel.md).
  }];
  let parameters = (ins "int64_t":$offset, "int64_t":$stride, DefaultValuedParameter<"bool", "false">:$panels);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Phi_Machine : AttrDef<Phi_Dialect, "Machine"> {
  let mnemonic = "machine";
  let summary = "what schedules and vector code need to know of the machine";
  let description = [{
    `#phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>`, as the attribute
    `phi.machine` of a module: f32 lanes of a vector, vector registers, bytes of the first and second cache of a core, whether
    there is an instruction for `phi.dot` and for `phi.dot_bf16`. `prefetch`, 12 where it is left out: steps of a panel that
    software best fetches ahead; 0 where the machine's own prefetchers do better alone. False where they are left out:

    - `signed_codes`: the dot product takes codes as signed. Codes that may exceed 127 are handed to it as `code ^ 0x80`, that
      is code - 128, and the code that means zero moves with them;
    - `value_lanes`: the dot product, and a multiply-add, take a factor from a lane of a register. Activations are then loaded
      as whole vectors; elsewhere a load that repeats one word is cheaper;
    - `matrix`: there is an instruction for `phi.dot_matrix`;
    - `rescale`: there is one for `phi.rescale` (looked at by ARM64 alone);
    - `small_loops`: what repeats one word in all lanes is a load into a register of its own, and of code that is long LLVM moves so
      many of them up that others are spilt: inner loops have a few of them each;
    - `wide_rows`: passes of more than 8 tokens multiply quantised and f16 weights with rows of f16, which `phi.tile_prepare` leaves.

    `threads`, 0 where it is left out: those of a block, on a GPU. Registers are then a thread's, the first cache is a block's
    shared memory, and schedules say what `#phi.schedule` has for GPUs.

    `attention_items`, 0 where it is left out: where heads and blocks of tokens make fewer items of attention than that, they are
    split along the positions, into no more than that. 0: never. It does not depend on the number of threads, so that results do not.
  }];
  let parameters = (ins "int64_t":$lanes, "int64_t":$registers, "int64_t":$l1, "int64_t":$l2, "bool":$dot, "bool":$bf16,
                        DefaultValuedParameter<"int64_t", "12">:$prefetch, DefaultValuedParameter<"bool", "false">:$signed_codes,
                        DefaultValuedParameter<"bool", "false">:$value_lanes, DefaultValuedParameter<"bool", "false">:$matrix,
                        DefaultValuedParameter<"int64_t", "0">:$attention_items,
                        DefaultValuedParameter<"bool", "false">:$wide_rows,
                        DefaultValuedParameter<"bool", "false">:$rescale,
                        DefaultValuedParameter<"bool", "false">:$small_loops,
                        DefaultValuedParameter<"int64_t", "0">:$threads);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Phi_Schedule : AttrDef<Phi_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "how a stage is cut into tiles; decided by phi-schedule, read by all later passes";
  let description = [{
    `#phi.schedule<streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512>`:

    - `streams`: panels at far-apart addresses that one thread walks together while few tokens are in a pass;
    - `prefetch`: steps (of 16 rows by 64 columns) that a pass of one token fetches ahead of use; 0: none;
    - `few_prefetch`: the same for passes of 2 to 8 tokens, which leave the machine's own prefetchers less to see; 6 where it is
      left out;
    - `tokens`, `panels`: the tile of a long pass that is held in registers;
    - `chunk`: columns of a tile that are unpacked at a time. Of a codebook blocks are of no more columns (`Rescale.h`), so that
      there, and nowhere else, a schedule changes results.

    On a GPU:

    - `few_prefetch`: KiB of weights that a block has under way in shared memory while few tokens are in a pass;
    - `prefetch`: KiB of a stage's weights that a block asks for two barriers before; 0: none;
    - `tokens`: of the largest tile of a long pass, by 4 panels: 64, 128 or 256 (`wgmma`, by 8 panels: 64, with 256 also 192);
    - `panels`: of the result, a block's share is a multiple of them;
    - `chunk`, 64, and `streams`, 1, are as they are.
  }];
  let parameters = (ins "int64_t":$streams, "int64_t":$prefetch, "int64_t":$tokens, "int64_t":$panels, "int64_t":$chunk,
                        DefaultValuedParameter<"int64_t", "6">:$few_prefetch);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif
