// phi.embed prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK-LABEL: func.func @embed
func.func @embed(%t: tensor<?xi32>) {
  // CHECK: phi.embed %arg0, @e : tensor<?xi32> -> tensor<?x8xf32>
  %0 = phi.embed %t, @e : tensor<?xi32> -> tensor<?x8xf32>
  return
}
