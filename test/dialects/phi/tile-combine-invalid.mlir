// Constraint C1 of phi.tile_combine.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @c1(%partials: memref<?x34xf32>, %result: memref<?x32xf32>, %i: index) {
  // expected-error @below {{partials must have 36 columns, got 34}}
  phi.tile_combine %partials, %result splits %i count %i items %i to %i heads 2 : memref<?x34xf32>, memref<?x32xf32>
  return
}

// -----

func.func @c1_result(%partials: memref<?x36xf32>, %result: memref<?x33xf32>, %i: index) {
  // expected-error @below {{result must have the columns of 2 heads, got 33}}
  phi.tile_combine %partials, %result splits %i count %i items %i to %i heads 2 : memref<?x36xf32>, memref<?x33xf32>
  return
}
