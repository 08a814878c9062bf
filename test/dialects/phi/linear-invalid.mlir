// Constraint C1 of phi.linear, and that its weight is there and indexed exactly where it is a family.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @absent(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{names no phi.weight: @w}}
  %0 = phi.linear %x, @w : tensor<?x8xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

phi.weight @w : 2 x tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<2x1x2xi64>
func.func @family(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{weight @w is a family and needs an index}}
  %0 = phi.linear %x, @w : tensor<?x8xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

phi.weight @w : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @no_family(%x: tensor<?x8xf32>, %i: index) -> tensor<?x4xf32> {
  // expected-error @below {{weight @w is no family and takes no index}}
  %0 = phi.linear %x, @w[%i] : tensor<?x8xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

phi.weight @w : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @linear_c1(%x: tensor<?x8xf32>) -> tensor<?x5xf32> {
  // expected-error @below {{weight must have 5 rows, got 4}}
  %0 = phi.linear %x, @w : tensor<?x8xf32> -> tensor<?x5xf32>
  return %0 : tensor<?x5xf32>
}

// -----

phi.weight @w : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @linear_c1_columns(%x: tensor<?x9xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.linear %x, @w : tensor<?x9xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
