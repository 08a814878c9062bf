// Constraint C1 of phi.embed, and that its weight is no family.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

phi.weight @w : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @embed_c1(%t: tensor<?xi32>) -> tensor<?x9xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.embed %t, @w : tensor<?xi32> -> tensor<?x9xf32>
  return %0 : tensor<?x9xf32>
}

// -----

phi.weight @w : 2 x tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<2x1x2xi64>
func.func @embed_family(%t: tensor<?xi32>) -> tensor<?x8xf32> {
  // expected-error @below {{weight @w is a family and needs an index}}
  %0 = phi.embed %t, @w : tensor<?xi32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
