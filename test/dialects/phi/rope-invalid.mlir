// Constraints C1 and C2 of phi.rope.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @rope_c1(%x: tensor<?x8xf32>, %p: index, %l: i1) -> tensor<?x8xf32> {
  // expected-error @below {{must have 1 to 2 frequencies, got 3}}
  %0 = phi.rope %x at %p, %l heads 2 of 4 short dense<1.0> : tensor<3xf32> scale 1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @rope_c1_long(%x: tensor<?x8xf32>, %p: index, %l: i1) -> tensor<?x8xf32> {
  // expected-error @below {{long must have 2 frequencies, got 1}}
  %0 = phi.rope %x at %p, %l heads 2 of 4 short dense<1.0> : tensor<2xf32> long dense<1.0> : tensor<1xf32> scale 1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @rope_c2(%x: tensor<?x8xf32>, %p: index, %l: i1) -> tensor<?x8xf32> {
  // expected-error @below {{input must hold at least 3 heads of 4, got 8 columns}}
  %0 = phi.rope %x at %p, %l heads 3 of 4 short dense<1.0> : tensor<2xf32> scale 1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @rope_list(%x: tensor<?x8xf32>, %p: index, %l: i1) -> tensor<?x8xf32> {
  // expected-error @below {{one dimension}}
  %0 = phi.rope %x at %p, %l heads 2 of 4 short dense<1.0> : tensor<1x2xf32> scale 1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @rope_c2_divide(%x: tensor<?x10xf32>, %p: index, %l: i1) -> tensor<?x10xf32> {
  // expected-error @below {{input must hold at least 2 heads of 4, got 10 columns}}
  %0 = phi.rope %x at %p, %l heads 2 of 4 short dense<1.0> : tensor<2xf32> scale 1.0 : tensor<?x10xf32>
  return %0 : tensor<?x10xf32>
}

// -----

func.func @rope_c1_none(%x: tensor<?x8xf32>, %p: index, %l: i1) -> tensor<?x8xf32> {
  // expected-error @below {{must have 1 to 2 frequencies, got 0}}
  %0 = phi.rope %x at %p, %l heads 2 of 4 short dense<> : tensor<0xf32> scale 1.0 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
