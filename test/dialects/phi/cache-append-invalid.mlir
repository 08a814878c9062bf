// Constraint C1 of phi.cache_append.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @append_c1(%x: tensor<?x16xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> !phi.cache<2 x 1 x 8 x f32> {
  // expected-error @below {{qkv must hold at least 3 heads of 8, got 16 columns}}
  %0 = phi.cache_append %x, %c[%i] at %i : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32>
  return %0 : !phi.cache<2 x 1 x 8 x f32>
}

// -----

func.func @append_c1_divide(%x: tensor<?x28xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> !phi.cache<2 x 1 x 8 x f32> {
  // expected-error @below {{qkv must hold at least 3 heads of 8, got 28 columns}}
  %0 = phi.cache_append %x, %c[%i] at %i : tensor<?x28xf32>, !phi.cache<2 x 1 x 8 x f32>
  return %0 : !phi.cache<2 x 1 x 8 x f32>
}
