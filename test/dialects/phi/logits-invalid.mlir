// Constraint C1 of phi.logits, and that its weight is no family.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

phi.weight @w : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @logits_c1(%x: tensor<?x9xf32>, %rows: index) -> tensor<?x97xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.logits %x, @w last %rows : tensor<?x9xf32> -> tensor<?x97xf32>
  return %0 : tensor<?x97xf32>
}

// -----

phi.weight @w : 2 x tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<2x1x2xi64>
func.func @logits_family(%x: tensor<?x8xf32>, %rows: index) -> tensor<?x97xf32> {
  // expected-error @below {{weight @w is a family and needs an index}}
  %0 = phi.logits %x, @w last %rows : tensor<?x8xf32> -> tensor<?x97xf32>
  return %0 : tensor<?x97xf32>
}

// -----

phi.weight @w : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @logits_c1_rows(%x: tensor<?x8xf32>, %rows: index) -> tensor<?x96xf32> {
  // expected-error @below {{weight must have 96 rows, got 97}}
  %0 = phi.logits %x, @w last %rows : tensor<?x8xf32> -> tensor<?x96xf32>
  return %0 : tensor<?x96xf32>
}
