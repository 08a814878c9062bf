// Ops that read a weight ask for its shape, and for an index exactly where it is a family.
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

phi.weight @w : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @embed_c1(%t: tensor<?xi32>) -> tensor<?x9xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.embed %t, @w : tensor<?xi32> -> tensor<?x9xf32>
  return %0 : tensor<?x9xf32>
}

// -----

phi.weight @w : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @logits_c1(%x: tensor<?x9xf32>, %rows: index) -> tensor<?x97xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.logits %x, @w last %rows : tensor<?x9xf32> -> tensor<?x97xf32>
  return %0 : tensor<?x97xf32>
}

// -----

phi.weight @w : tensor<2x8xf32> = [#phi.part<2 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @norm_c1(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{weight must have 1 rows, got 2}}
  %0 = phi.rms_norm %x, @w eps 1.0e-5 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

phi.weight @w : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @norm_c2(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{eps must be finite and not negative}}
  %0 = phi.rms_norm %x, @w eps -1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

phi.weight @w : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @norm_c2_infinite(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{eps must be finite and not negative}}
  %0 = phi.rms_norm %x, @w eps 0x7FF0000000000000 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

phi.weight @w : tensor<4x8xf32> = [#phi.part<4 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @linear_c1_columns(%x: tensor<?x9xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.linear %x, @w : tensor<?x9xf32> -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

phi.weight @w : 2 x tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<2x1x2xi64>
func.func @embed_family(%t: tensor<?xi32>) -> tensor<?x8xf32> {
  // expected-error @below {{weight @w is a family and needs an index}}
  %0 = phi.embed %t, @w : tensor<?xi32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
