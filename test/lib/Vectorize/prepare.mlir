// Rows before a linear: normalised, then rounded to i8 with a scale for each 32 columns and the sums that the weight needs.
// RUN: phidias-opt %s -split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s

// CHECK-LABEL: @normed
func.func @normed(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK-DAG: %[[LIMIT:.*]] = arith.constant 1.270000e+02 : f32
  // CHECK-DAG: %[[MINUS:.*]] = arith.constant -8 : i32
  // CHECK: scf.for
  // CHECK: vector.reduction <add>
  // CHECK: %[[ROOT:.*]] = math.sqrt
  // CHECK: arith.divf %{{.*}}, %[[ROOT]] : f32
  // CHECK: scf.for %{{.*}} = %c0 to %c64 step %c32
  // CHECK: %[[LARGEST:.*]] = vector.reduction <maxnumf>
  // CHECK: arith.divf %[[LIMIT]], %[[LARGEST]]
  // A row of zeros: no 127 / 0.
  // CHECK: arith.cmpf oeq, %[[LARGEST]]
  // CHECK: arith.select
  // CHECK: math.roundeven
  // CHECK: arith.fptosi {{.*}} : vector<16xf32> to vector<16xi32>
  // CHECK: arith.trunci {{.*}} : vector<16xi32> to vector<16xi8>
  // CHECK: arith.muli %{{.*}}, %[[MINUS]] : i32
  phi.tile_prepare %x[%i], %a norm %w[%i] eps 1.0e-5 tokens %from to %to
    for tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// A rotated weight: sums and differences of columns 16, 8, 4, 2 and 1 apart; the scale takes 1 / sqrt(32) back.
// CHECK-LABEL: @rotated
func.func @rotated(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK-DAG: arith.constant 0.0013919425 : f32
  // CHECK-DAG: arith.constant dense<[1.000000e+00, -1.000000e+00, 1.000000e+00,
  // CHECK: %[[SUM:.*]] = arith.addf
  // CHECK: arith.subf
  // CHECK: %[[EIGHT:.*]] = vector.shuffle %[[SUM]], %[[SUM]] [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]
  // CHECK: vector.fma %[[SUM]], %{{.*}}, %[[EIGHT]]
  // CHECK-COUNT-6: vector.shuffle
  // CHECK: vector.shuffle {{.*}} [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14]
  // CHECK-NOT: vector.shuffle
  // CHECK: vector.reduction <maxnumf>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to
    for tensor<32x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// A minimum needs scale times sum, as f32.
// CHECK-LABEL: @minimum
func.func @minimum(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK-NOT: math.sqrt
  // CHECK: arith.sitofp %{{.*}} : i32 to f32
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to
    for tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// 40 columns as bf16, padded to 64 with zeros: a whole group, 8 columns under a mask, and 16 zeros.
// CHECK-LABEL: @bf16
func.func @bf16(%x: memref<?x40xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK: vector.maskedload
  // CHECK: arith.truncf {{.*}} : vector<16xf32> to vector<16xbf16>
  // CHECK: vector.store %{{.*}} : memref<?xi8>, vector<32xi8>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to for tensor<32x40xbf16> by bf16
    : memref<?x40xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// A codebook's activations share a scale over 128 columns: the largest of all groups first, then codes, and the sum of a block.
// CHECK-LABEL: @codebook
func.func @codebook(%x: memref<?x128xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK: %[[MOST:.*]] = scf.for %{{.*}} = %c0 to %c128 step %c32
  // CHECK-NOT: vector.reduction
  // CHECK: scf.yield
  // CHECK: %[[LARGEST:.*]] = vector.reduction <maxnumf>, %[[MOST]]
  // CHECK: %[[SUM:.*]] = scf.for
  // CHECK: arith.divf %{{.*}}, %[[LARGEST]] : f32
  // CHECK: scf.yield
  // CHECK: arith.muli %[[SUM]], %c-128_i32
  // CHECK: return
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to
    for tensor<32x128x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
       codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]>> by i8
    : memref<?x128xf32>, memref<?xi8>, memref<?xi8>
  return
}
