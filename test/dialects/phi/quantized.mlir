// Quantised elements print as they parse: with a zero, with a minimum, in two levels, with a codebook,
// rotated; and a weight that is
// rounded through one of them.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK: phi.weight @q4_0 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> =
phi.weight @q4_0 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
  = [#phi.part<16 x "q4_0">] at dense<0> : tensor<1x1x2xi64> packed <offset = 0, stride = 576, panels = true>
// CHECK: phi.weight @q4_1 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>> =
phi.weight @q4_1 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>>
  = [#phi.part<16 x "q4_1">] at dense<0> : tensor<1x1x2xi64>
// CHECK: phi.weight @q6_k : tensor<16x256x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>> =
phi.weight @q6_k : tensor<16x256x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>>
  = [#phi.part<16 x "q6_k">] at dense<0> : tensor<1x1x2xi64>
// CHECK: phi.weight @int4 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = {{\[}}-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]>> =
phi.weight @int4 : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
    codebook = [-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]>>
  = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: phi.weight @int8 : tensor<16x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>> =
phi.weight @int8 : tensor<16x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>>
  = [#phi.part<16 x "bf16">] at dense<0> : tensor<1x1x2xi64>

// CHECK: phi.weight @rounded : tensor<16x64xf32> = {{.*}} through !phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>
phi.weight @rounded : tensor<16x64xf32> = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
  packed <offset = 0, stride = 4096> through !phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>
