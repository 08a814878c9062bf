// Layers become one function for each body and a call for each layer; layers in a row that share a body are one loop.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops | FileCheck %s

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @layers
// CHECK: scf.for
// CHECK: func.call @layer(
// CHECK: scf.for
// CHECK: func.call @layer_0(
// CHECK: scf.for
// CHECK: func.call @layer(
// CHECK-NOT: func.call
// CHECK-DAG: func.func private @layer(
// CHECK-DAG: func.func private @layer_0(
func.func @layers(%tokens: tensor<?xi32>, %cache: !phi.cache<4 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x8xf32>
  %0, %1 = phi.layers order [0, 0, 1, 0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<4 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<4 x 1 x 8 x f32>):
    %2 = phi.add %h, %h : tensor<?x8xf32>
    phi.yield %2, %c : tensor<?x8xf32>, !phi.cache<4 x 1 x 8 x f32>
  }, {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<4 x 1 x 8 x f32>):
    phi.yield %h, %c : tensor<?x8xf32>, !phi.cache<4 x 1 x 8 x f32>
  }
  return
}
