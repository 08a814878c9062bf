// Quantised weights become f32 that went through their type; others stay.
// RUN: phidias-opt %s --phi-widen-weights | FileCheck %s

// CHECK: @q : tensor<16x64xf32> = [#phi.part<16 x "f32">] at {{.*}} through !phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>
phi.weight @q : tensor<16x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>>
  = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: @plain : tensor<16x64xbf16> = [#phi.part<16 x "bf16">] at dense<0> : tensor<1x1x2xi64>{{$}}
phi.weight @plain : tensor<16x64xbf16> = [#phi.part<16 x "bf16">] at dense<0> : tensor<1x1x2xi64>
