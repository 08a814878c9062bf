// Constraint C1 of phi.swiglu.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @swiglu_c1(%x: tensor<?x15xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{input must have 16 columns, got 15}}
  %0 = phi.swiglu %x : tensor<?x15xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
