// Each numbered constraint of the ops that work on rows, the cache and layers is checked.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @swiglu_c1(%x: tensor<?x15xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{input must have 16 columns, got 15}}
  %0 = phi.swiglu %x : tensor<?x15xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

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

func.func @append_c1(%x: tensor<?x16xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> !phi.cache<2 x 1 x 8 x f32> {
  // expected-error @below {{qkv must hold at least 3 heads of 8, got 16 columns}}
  %0 = phi.cache_append %x, %c[%i] at %i : tensor<?x16xf32>, !phi.cache<2 x 1 x 8 x f32>
  return %0 : !phi.cache<2 x 1 x 8 x f32>
}

// -----

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

func.func @layers_c1(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{order names body 1, there are 1}}
  %0, %1 = phi.layers order [0, 1] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @layers_c2(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{order must have 2 entries, got 3}}
  %0, %1 = phi.layers order [0, 0, 0] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @layers_c3(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{a body must take}}
  %0, %1 = phi.layers order [0, 0] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @rows_of_no_size(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

func.func @rows_of_no_columns(%x: tensor<?x0xf32>) -> tensor<?x0xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<?x0xf32>
  return %0 : tensor<?x0xf32>
}

// -----

func.func @rows_of_known_number(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @below {{rows of f32, tensor<?xNxf32>}}
  %0 = phi.add %x, %x : tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
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

func.func @append_c1_divide(%x: tensor<?x28xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index) -> !phi.cache<2 x 1 x 8 x f32> {
  // expected-error @below {{qkv must hold at least 3 heads of 8, got 28 columns}}
  %0 = phi.cache_append %x, %c[%i] at %i : tensor<?x28xf32>, !phi.cache<2 x 1 x 8 x f32>
  return %0 : !phi.cache<2 x 1 x 8 x f32>
}

// -----

func.func @layers_c1_empty(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{order must name each of 0 bodies, names 0}}
  %0, %1 = phi.layers order [] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @layers_c1_unnamed(%x: tensor<?x8xf32>, %c: !phi.cache<2 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{order must name each of 2 bodies, names 1}}
  %0, %1 = phi.layers order [0, 0] (%x, %c) : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }, {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    phi.yield %h, %c0 : tensor<?x8xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @layers_c3_end(%x: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{a body must end in phi.yield}}
  %0, %1 = phi.layers order [0] (%x, %c) : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<1 x 1 x 8 x f32>):
    %2 = phi.add %h, %h : tensor<?x8xf32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @layers_c3_yield(%x: tensor<?x8xf32>, %y: tensor<?x4xf32>, %c: !phi.cache<1 x 1 x 8 x f32>) -> tensor<?x8xf32> {
  // expected-error @below {{a body must yield}}
  %0, %1 = phi.layers order [0] (%x, %c) : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x8xf32>, %c0: !phi.cache<1 x 1 x 8 x f32>):
    phi.yield %y, %c0 : tensor<?x4xf32>, !phi.cache<1 x 1 x 8 x f32>
  }
  return %0 : tensor<?x8xf32>
}
