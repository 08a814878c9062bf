// phi.weight prints as it parses: one matrix, a family, parts stored permuted, and a place in the weights file.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK: phi.weight @embed : tensor<97x8xbf16> = [#phi.part<97 x "bf16">] at dense<{{\[\[\[}}0, 64]]]> : tensor<1x1x2xi64>{{$}}
phi.weight @embed : tensor<97x8xbf16> = [#phi.part<97 x "bf16">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
// CHECK: phi.weight @norm : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<{{\[\[\[}}0, 0]], {{\[\[}}0, 32]]]> : tensor<2x1x2xi64>{{$}}
phi.weight @norm : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<[[[0, 0]], [[0, 32]]]> : tensor<2x1x2xi64>
// CHECK: phi.weight @qkv : 2 x tensor<32x8xf16> = [#phi.part<16 x "q4_1" permuted 2>, #phi.part<16 x "q4_1">] at dense<0> : tensor<2x2x2xi64> packed <offset = 0, stride = 1024>{{$}}
phi.weight @qkv : 2 x tensor<32x8xf16> = [#phi.part<16 x "q4_1" permuted 2>, #phi.part<16 x "q4_1">]
  at dense<0> : tensor<2x2x2xi64> packed <offset = 0, stride = 1024>
