#ifndef PHIDIAS_QUANTIZE_PASSES
#define PHIDIAS_QUANTIZE_PASSES
include "mlir/Pass/PassBase.td"

def QuantizePass : Pass<"phi-quantize", "::mlir::ModuleOp"> {
  let summary = "choose what the program holds of each weight";
  let description = [{
    Changes the element types of `phi.weight`; packing rounds to them. Formats: `int4`, `int8`, `bf16`, `f16`, `f32`, `keep`
    (the checkpoint's own types, without loss) and `auto` (`keep` where a matrix of the layers is quantised already, else `int4`).

    The matrix that `phi.logits` reads takes `head`, the one that only `phi.embed` reads takes `embed`, all others `format`.
    Where they are not given they follow `format`, but of int4 they take int8: the head is a few percent of the bytes
    of a pass and stands next to the result; of the embedding one row is read. Weights of one row are f32.

    A warning names each weight whose parts the checkpoint holds in different types: `keep` must widen it to f32.

    Before and after, with `format=int8`:
    ```text
    phi.weight @o : 2 x tensor<64x64xbf16> = ...
    phi.weight @o : 2 x tensor<64x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>> = ...
    ```
  }];
  let options = [
    Option<"format", "format", "std::string", "\"auto\"", "of the matrices in the layers">,
    Option<"head", "head", "std::string", "\"\"", "of the matrix that makes the logits">,
    Option<"embed", "embed", "std::string", "\"\"", "of the embedding, where it is not the head too">,
  ];
  let dependentDialects = ["::phidias::phi::PhiDialect"];
}

def WidenWeightsPass : Pass<"phi-widen-weights", "::mlir::ModuleOp"> {
  let summary = "hold the values of quantised weights as f32";
  let description = [{
    For the reference pipeline, which computes with plain elements: the same values as a quantised program has.

    Before and after:
    ```text
    phi.weight @o : tensor<64x64x!phi.quantized<...>> = ...
    phi.weight @o : tensor<64x64xf32> = ... through !phi.quantized<...>
    ```
  }];
  let dependentDialects = ["::phidias::phi::PhiDialect"];
}
def QuantizeCachePass : Pass<"phi-quantize-cache", "::mlir::ModuleOp"> {
  let summary = "choose what the key-value cache holds";
  let description = [{
    Changes the element type of every `!phi.cache`: `f32`, `f16`, or `int8` with an f16 scale for each 32 channels of a head.
    Fails where an int8 cache is asked for and the channels of a head do not divide by 32.
  }];
  let options = [Option<"element", "element", "std::string", "\"f16\"", "f32, f16 or int8">];
  let dependentDialects = ["::phidias::phi::PhiDialect"];
}
#endif
