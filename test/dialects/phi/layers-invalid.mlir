// Constraints C1 to C3 of phi.layers.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

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

// -----

func.func @yield_alone(%x: tensor<?x8xf32>, %c: !phi.cache<1 x 1 x 8 x f32>) {
  // expected-error @below {{expects parent op 'phi.layers'}}
  phi.yield %x, %c : tensor<?x8xf32>, !phi.cache<1 x 1 x 8 x f32>
}
