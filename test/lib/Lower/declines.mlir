// The lowering says what is missing instead of guessing.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics --phi-plan-arena --phi-lower-to-loops

// expected-error @below {{has no place in the weights file: run phi-assign-layout first}}
phi.weight @w : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>

// -----

// expected-error @below {{has an argument that no pass provides: 'f64'}}
func.func @argument(%x: f64) {
  return
}

// -----

func.func @other(%i: index) {
  // expected-error @below {{has no reference lowering}}
  %0 = arith.addi %i, %i : index
  return
}

// -----

// expected-error @below {{must have one block, got 2}}
func.func @blocks() {
  cf.br ^end
^end:
  return
}
