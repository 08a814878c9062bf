// Every op, type and attribute prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK: phi.weight @embed : tensor<97x8xbf16> = [#phi.part<97 x "bf16">] at dense<{{.*}}> : tensor<1x1x2xi64>
phi.weight @embed : tensor<97x8xbf16> = [#phi.part<97 x "bf16">] at dense<[[[0, 64]]]> : tensor<1x1x2xi64>
// CHECK: phi.weight @norm : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at
phi.weight @norm : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<[[[0, 0]], [[0, 32]]]> : tensor<2x1x2xi64>
// CHECK: phi.weight @qkv : 2 x tensor<32x8xf32> = [#phi.part<16 x "q4_1" permuted 2>, #phi.part<16 x "q4_1">] at {{.*}} packed <offset = 0, stride = 1024>
phi.weight @qkv : 2 x tensor<32x8xf32> = [#phi.part<16 x "q4_1" permuted 2>, #phi.part<16 x "q4_1">]
  at dense<0> : tensor<2x2x2xi64> packed <offset = 0, stride = 1024>

// CHECK-LABEL: func.func @forward
func.func @forward(%tokens: tensor<?xi32>, %position: index, %long: i1, %rows: index, %cache: !phi.cache<2 x 1 x 8 x f32>)
    -> tensor<?x97xf32> {
  // CHECK: %[[X:.*]] = phi.embed %{{.*}}, @embed : tensor<?xi32> -> tensor<?x8xf32>
  %x = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x8xf32>
  // CHECK: phi.layers order [0, 0] (%[[X]], %{{.*}})
  %y, %c = phi.layers order [0, 0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK: phi.rms_norm %{{.*}}, @norm[%{{.*}}] eps 1.000000e-05
    %0 = phi.rms_norm %h, @norm[%member] eps 1.0e-5 : tensor<?x8xf32>
    // CHECK: phi.linear %{{.*}}, @qkv[%{{.*}}] : tensor<?x8xf32> -> tensor<?x32xf32>
    %1 = phi.linear %0, @qkv[%member] : tensor<?x8xf32> -> tensor<?x32xf32>
    // CHECK: phi.rope %{{.*}} at %{{.*}}, %{{.*}} heads 3 of 8 short dense<[1.000000e+00, 5.000000e-01]> : tensor<2xf32> long dense<2.500000e-01> : tensor<2xf32> scale 1.500000e+00
    %2 = phi.rope %1 at %position, %long heads 3 of 8 short dense<[1.0, 0.5]> : tensor<2xf32>
      long dense<0.25> : tensor<2xf32> scale 1.5 : tensor<?x32xf32>
    // CHECK: phi.cache_append %{{.*}}, %{{.*}}[%{{.*}}] at %{{.*}} : tensor<?x32xf32>, <2 x 1 x 8 x f32>
    %c1 = phi.cache_append %2, %c0[%layer] at %position : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32>
    // CHECK: phi.attention %{{.*}}, %{{.*}}[%{{.*}}] at %{{.*}} heads 2 scale 3.500000e-01 window 5
    %3 = phi.attention %2, %c1[%layer] at %position heads 2 scale 0.35 window 5
      : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
    // CHECK: phi.swiglu %{{.*}} : tensor<?x16xf32> -> tensor<?x8xf32>
    %4 = phi.swiglu %3 : tensor<?x16xf32> -> tensor<?x8xf32>
    // CHECK: phi.add %{{.*}}, %{{.*}} : tensor<?x8xf32>
    %5 = phi.add %h, %4 : tensor<?x8xf32>
    // CHECK: phi.yield
    phi.yield %5, %c1 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  // CHECK: phi.logits %{{.*}}, @embed last %{{.*}} : tensor<?x8xf32> -> tensor<?x97xf32>
  %l = phi.logits %y, @embed last %rows : tensor<?x8xf32> -> tensor<?x97xf32>
  return %l : tensor<?x97xf32>
}
