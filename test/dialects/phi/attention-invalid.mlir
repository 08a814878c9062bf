// Constraints C1 to C4 of phi.attention.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @attention_c1(%x: tensor<?x24xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> tensor<?x16xf32> {
  // expected-error @below {{qkv must have 32 columns, got 24}}
  %0 = phi.attention %x, %c[%i] at %i heads 2 scale 1.0 : tensor<?x24xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

func.func @attention_c2(%x: tensor<?x32xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> tensor<?x8xf32> {
  // expected-error @below {{result must have 16 columns, got 8}}
  %0 = phi.attention %x, %c[%i] at %i heads 2 scale 1.0 : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @attention_c3(%x: tensor<?x56xf32>, %c: !phi.cache<2 x 2 x 8 x f32>, %i: index) -> tensor<?x24xf32> {
  // expected-error @below {{heads must be a multiple of 2, got 3}}
  %0 = phi.attention %x, %c[%i] at %i heads 3 scale 1.0 : tensor<?x56xf32>, !phi.cache<2 x 2 x 8 x f32> -> tensor<?x24xf32>
  return %0 : tensor<?x24xf32>
}

// -----

func.func @attention_c4(%x: tensor<?x32xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> tensor<?x16xf32> {
  // expected-error @below {{window must be at least 1}}
  %0 = phi.attention %x, %c[%i] at %i heads 2 scale 1.0 window 0 : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

func.func @attention_c3_none(%x: tensor<?x32xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> tensor<?x16xf32> {
  // expected-error @below {{heads must be a multiple of 1, got 0}}
  %0 = phi.attention %x, %c[%i] at %i heads 0 scale 1.0 : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
