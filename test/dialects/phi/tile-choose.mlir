// phi.tile_choose prints as it is read.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @choose
// CHECK-SAME: %[[LOGITS:.*]]: memref<?x97xf32>, %[[B:.*]]: memref<?xi8>, %[[I:.*]]: index
// CHECK: phi.tile_choose "draw" %[[LOGITS]][%[[I]]] by %[[B]], %[[B]] round %[[I]] first %[[I]] slices %[[I]] to %[[I]] : memref<?x97xf32>, memref<?xi8>, memref<?xi8>
func.func @choose(%logits: memref<?x97xf32>, %b: memref<?xi8>, %i: index) {
  phi.tile_choose "draw" %logits[%i] by %b, %b round %i first %i slices %i to %i : memref<?x97xf32>, memref<?xi8>, memref<?xi8>
  return
}
