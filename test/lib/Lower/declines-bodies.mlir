// A body of phi.layers becomes a function of its own: what it cannot reach or cannot be lowered ends the pass.
// RUN: not phidias-opt %s -split-input-file --phi-assign-layout --phi-plan-arena --phi-lower-to-loops 2>/dev/null | FileCheck %s --allow-empty
// RUN: phidias-opt %s -split-input-file -verify-diagnostics --phi-assign-layout --phi-plan-arena --phi-lower-to-loops
// No module comes out.
// CHECK-NOT: func.func

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @other_op(%tokens: tensor<?xi32>, %cache: !phi.cache<1 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x8xf32>
  %0, %1 = phi.layers order [0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f32>):
    // expected-error @below {{has no reference lowering}}
    %2 = arith.addi %layer, %member : index
    phi.yield %h, %c : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32>
  }
  return
}

// -----

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @rows_of_outside(%tokens: tensor<?xi32>, %cache: !phi.cache<1 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x8xf32>
  %0, %1 = phi.layers order [0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f32>):
    // expected-error @below {{works on a value that its function does not hold}}
    %2 = phi.add %h, %x : tensor<?x8xf32>
    phi.yield %2, %c : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32>
  }
  return
}

// -----

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @yields_outside(%tokens: tensor<?xi32>, %cache: !phi.cache<1 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x8xf32>
  %0, %1 = phi.layers order [0] (%x, %cache) : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f32>):
    // expected-error @below {{works on a value that its function does not hold}}
    phi.yield %x, %c : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32>
  }
  return
}
