// keep has no one type for parts of different types: the weight is widened, and named. A floating checkpoint whose embedding
// alone is quantised becomes int4 by itself.
// RUN: phidias-opt %s --phi-quantize=format=keep -verify-diagnostics | FileCheck %s --check-prefix=KEEP
// RUN: phidias-opt %s --phi-quantize | FileCheck %s --check-prefix=AUTO

// KEEP: @mixed : 1 x tensor<32x32xf32>
// AUTO: @mixed : 1 x tensor<32x32x!phi.quantized<bits = 4,
// expected-warning @below {{parts have different types: @mixed is widened to f32}}
phi.weight @mixed : 1 x tensor<32x32xf32> = [#phi.part<16 x "f16">, #phi.part<16 x "bf16">] at dense<0> : tensor<1x2x2xi64>
// KEEP: @table : tensor<32x32x!phi.quantized<bits = 8,
phi.weight @table : tensor<32x32xf32> = [#phi.part<32 x "q8_0">] at dense<0> : tensor<1x1x2xi64>
