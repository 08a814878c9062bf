// phi.linear prints as it parses, of one weight and of a member of a family.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

phi.weight @o : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @f : 2 x tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<2x1x2xi64>
// CHECK-LABEL: func.func @linear
func.func @linear(%x: tensor<?x8xf32>, %i: index) {
  // CHECK: phi.linear %arg0, @o : tensor<?x8xf32> -> tensor<?x4xf32>
  %0 = phi.linear %x, @o : tensor<?x8xf32> -> tensor<?x4xf32>
  // CHECK: phi.linear %arg0, @f[%arg1] : tensor<?x8xf32> -> tensor<?x4xf32>
  %1 = phi.linear %x, @f[%i] : tensor<?x8xf32> -> tensor<?x4xf32>
  return
}
