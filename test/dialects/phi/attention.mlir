// phi.attention prints as it parses, with a window and without.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @attention
func.func @attention(%x: tensor<?x32xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index, %p: index) {
  // CHECK: phi.attention %arg0, %arg1[%arg2] at %arg3 heads 2 scale 3.500000e-01 : tensor<?x32xf32>, <2 x 1 x 8 x f32> -> tensor<?x16xf32>
  %0 = phi.attention %x, %c[%i] at %p heads 2 scale 0.35 : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
  // CHECK: phi.attention %arg0, %arg1[%arg2] at %arg3 heads 2 scale 3.500000e-01 window 5 : tensor<?x32xf32>, <2 x 1 x 8 x f32> -> tensor<?x16xf32>
  %1 = phi.attention %x, %c[%i] at %p heads 2 scale 0.35 window 5 : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
  return
}
