// phi.rope prints as it parses, with long frequencies and without.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @rope
func.func @rope(%x: tensor<?x8xf32>, %p: index, %l: i1) {
  // CHECK: phi.rope %arg0 at %arg1, %arg2 heads 1 of 4 short dense<[1.000000e+00, 5.000000e-01]> : tensor<2xf32> scale 1.000000e+00 : tensor<?x8xf32>
  %0 = phi.rope %x at %p, %l heads 1 of 4 short dense<[1.0, 0.5]> : tensor<2xf32> scale 1.0 : tensor<?x8xf32>
  // CHECK: phi.rope %arg0 at %arg1, %arg2 heads 2 of 4 short dense<5.000000e-01> : tensor<2xf32> long dense<2.500000e-01> : tensor<2xf32> scale 1.500000e+00 : tensor<?x8xf32>
  %1 = phi.rope %x at %p, %l heads 2 of 4 short dense<0.5> : tensor<2xf32> long dense<0.25> : tensor<2xf32> scale 1.5 : tensor<?x8xf32>
  return
}
