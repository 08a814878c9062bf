// Formats by what reads a weight: layers, head and embedding; keep carries the checkpoint's types; norms are f32 in all.
// RUN: phidias-opt %s --phi-quantize=format=int4 | FileCheck %s --check-prefix=INT4
// RUN: phidias-opt %s --phi-quantize | FileCheck %s --check-prefix=KEEP
// RUN: phidias-opt %s --phi-quantize="format=bf16 head=f16 embed=int8" | FileCheck %s --check-prefix=ENDS
// RUN: not phidias-opt %s --phi-quantize=head=int3 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: error: weight format must be int4, int8, bf16, f16, f32, keep or auto, got int3

// INT4: @embed : tensor<97x32x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>> =
// KEEP: @embed : tensor<97x32x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>> =
// ENDS: @embed : tensor<97x32x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>> =
phi.weight @embed : tensor<97x32xf32> = [#phi.part<97 x "q8_0">] at dense<0> : tensor<1x1x2xi64>
// INT4: @norm : 2 x tensor<1x32xf32>
// KEEP: @norm : 2 x tensor<1x32xf32>
// ENDS: @norm : 2 x tensor<1x32xf32>
phi.weight @norm : 2 x tensor<1x32xbf16> = [#phi.part<1 x "bf16">] at dense<0> : tensor<2x1x2xi64>
// INT4: @square : 2 x tensor<32x32x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = {{\[}}-127,
// KEEP: @square : 2 x tensor<32x32x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>>
// ENDS: @square : 2 x tensor<32x32xbf16>
phi.weight @square : 2 x tensor<32x32xf32> = [#phi.part<16 x "q4_1" permuted 2>, #phi.part<16 x "q4_1">] at dense<0> : tensor<2x2x2xi64>
// INT4: @head : tensor<14x32x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>>
// KEEP: @head : tensor<14x32xbf16>
// ENDS: @head : tensor<14x32xf16>
phi.weight @head : tensor<14x32xf32> = [#phi.part<14 x "bf16">] at dense<0> : tensor<1x1x2xi64>

func.func @f(%tokens: tensor<?xi32>, %rows: index) -> tensor<?x14xf32> {
  %0 = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x32xf32>
  %1 = phi.logits %0, @head last %rows : tensor<?x32xf32> -> tensor<?x14xf32>
  return %1 : tensor<?x14xf32>
}
