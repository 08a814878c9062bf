// With panels, a matrix takes whole panels of 16 rows and steps of 64 columns; a weight of one row stays as it is. Quantised
// elements need panels.
// RUN: phidias-opt %s --phi-assign-layout=panels=true | FileCheck %s
// RUN: not phidias-opt %s --phi-assign-layout 2>&1 | FileCheck %s --check-prefix=FLAT
// FLAT: error: 'phi.weight' op quantised elements lie in panels of several rows only

// CHECK: @norm {{.*}} packed <offset = 0, stride = 320>
phi.weight @norm : tensor<1x80xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
// 17 rows: 2 panels; 65 columns: 2 steps of 9 lines.
// CHECK: @codes {{.*}} packed <offset = 4096, stride = 2304, panels = true>
phi.weight @codes : tensor<17x65x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
  = [#phi.part<17 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: @halves {{.*}} packed <offset = 8192, stride = 2048, panels = true>
phi.weight @halves : tensor<2x2xbf16> = [#phi.part<2 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: @minima {{.*}} packed <offset = 12288, stride = 640, panels = true>
phi.weight @minima : tensor<16x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>>
  = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: @bytes {{.*}} packed <offset = 16384, stride = 1088, panels = true>
phi.weight @bytes : tensor<16x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>>
  = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK: @six {{.*}} packed <offset = 20480, stride = 896, panels = true>
phi.weight @six : tensor<16x64x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>>
  = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
