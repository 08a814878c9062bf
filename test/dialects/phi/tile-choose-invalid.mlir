// Constraint C1 of phi.tile_choose.
// RUN: phidias-opt %s -verify-diagnostics

func.func @c1(%logits: memref<?x97xf32>, %b: memref<?xi8>, %i: index) {
  // expected-error @below {{step must be best, begin, narrow, weigh or draw, got guess}}
  phi.tile_choose "guess" %logits[%i] by %b, %b round %i first %i slices %i to %i : memref<?x97xf32>, memref<?xi8>, memref<?xi8>
  return
}
