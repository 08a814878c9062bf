// Constraints C1 and C2 of phi.rms_norm.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

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

phi.weight @w : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
func.func @norm_c1_columns(%x: tensor<?x9xf32>) -> tensor<?x9xf32> {
  // expected-error @below {{weight must have 9 columns, got 8}}
  %0 = phi.rms_norm %x, @w eps 1.0e-5 : tensor<?x9xf32>
  return %0 : tensor<?x9xf32>
}
