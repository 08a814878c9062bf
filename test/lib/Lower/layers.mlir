// Layers become one function for each body and a call for each layer; layers in a row that share a body are one loop.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @layers
// The embedding's rows are where the layers want them: nothing is copied.
// CHECK-COUNT-1: vector.store
// CHECK-NOT: vector.store
// Layers 0 and 1 are members 0 and 1 of the first body, layer 2 member 0 of the second, layer 3 member 2 of the first.
// CHECK: scf.for %{{.*}} = %c0 to %c2 step
// CHECK: call @layer({{.*}}, %[[I:arg[0-9]+]], %[[I]])
// CHECK: call @layer_0({{.*}}, %c2, %c0)
// CHECK: call @layer({{.*}}, %c3, %c2)
// CHECK-NOT: call @layer
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
