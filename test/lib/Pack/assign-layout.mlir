// Single matrices come first, on pages of their own; the families of one layer body lie together, member after member.
// RUN: phidias-opt %s --phi-assign-layout --phi-assign-layout | FileCheck %s
// RUN: phidias-opt %s --phi-assign-layout | FileCheck %s

// CHECK: module attributes {phi.data_bytes = 8576 : i64}
// CHECK: phi.weight @final {{.*}} packed <offset = 0, stride = 64>
phi.weight @final : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
// 32 bytes, padded to 64; then 128: a stride of 192.
// CHECK: phi.weight @norm {{.*}} packed <offset = 8192, stride = 192>
phi.weight @norm : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<2x1x2xi64>
// CHECK: phi.weight @square {{.*}} packed <offset = 8256, stride = 192>
phi.weight @square : 2 x tensor<8x8xbf16> = [#phi.part<8 x "bf16">] at dense<0> : tensor<2x1x2xi64>
// CHECK: phi.weight @head {{.*}} packed <offset = 4096, stride = 448>
phi.weight @head : tensor<14x8xf32> = [#phi.part<14 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @f(%x: tensor<?x8xf32>, %cache: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  %0, %1 = phi.layers order [0, 0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>):
    %2 = phi.rms_norm %h, @norm[%member] eps 1.0e-5 : tensor<?x8xf32>
    %3 = phi.linear %2, @square[%member] : tensor<?x8xf32> -> tensor<?x8xf32>
    phi.yield %3, %c : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}
