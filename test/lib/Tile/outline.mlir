// A tile op becomes a function that is given what changes and has what is constant.
// RUN: phidias-opt %s --phi-outline-tiles | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @rows(
// CHECK-SAME: %[[ROWS:.*]]: memref<?x64xf32>, %[[BYTES:.*]]: memref<?xi8>, %[[N:.*]]: index)
func.func @rows(%rows: memref<?x64xf32>, %bytes: memref<?xi8>, %n: index) {
  %c0 = arith.constant 0 : index
  // CHECK: call @prepare_0(%[[ROWS]], %[[BYTES]], %[[N]]) : (memref<?x64xf32>, memref<?xi8>, index) -> ()
  phi.tile_prepare %rows[%c0], %bytes norm %bytes tokens %c0 to %n for tensor<128x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8 : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  // The second of its kind has the next number.
  // CHECK: call @prepare_1(%[[ROWS]], %[[N]], %[[BYTES]])
  phi.tile_prepare %rows[%n], %bytes norm %bytes tokens %c0 to %n for tensor<128x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8 : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  // CHECK-NOT: phi.tile
  // CHECK: return
  return
}

// CHECK-LABEL: func.func private @prepare_0(
// CHECK-SAME: %[[R:.*]]: memref<?x64xf32>, %[[B:.*]]: memref<?xi8>, %[[TO:.*]]: index)
// CHECK: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: phi.tile_prepare %[[R]][%[[ZERO]]], %[[B]] norm %[[B]] tokens %[[ZERO]] to %[[TO]]
// CHECK: return
// CHECK-LABEL: func.func private @prepare_1(
// CHECK-SAME: %[[R1:.*]]: memref<?x64xf32>, %[[TO1:.*]]: index, %[[B1:.*]]: memref<?xi8>)
// CHECK: phi.tile_prepare %[[R1]][%[[TO1]]], %[[B1]]
