// A row in quads of columns over the block: 16 bytes a load, the norm's sum over lanes and warps, then groups of eight lanes.
// RUN: phidias-opt %s -split-input-file --phi-cuda-map-tiles --canonicalize --cse | FileCheck %s -enable-var-scope

// The warps' sums: 8 words.
// CHECK: module attributes {phi.shared_bytes = 32 : i64}
// CHECK-LABEL: @normed
func.func @normed(%x: memref<?x2048xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // Row and weight are asked for before the sum is waited for, and the row once.
  // CHECK: scf.for
  // CHECK-COUNT-2: vector.load {{.*}} {alignment = 16 : i64} : memref<?x2048xf32>, vector<4xf32>
  // CHECK-COUNT-2: vector.load {{.*}} {alignment = 16 : i64} : memref<2048xf32>, vector<4xf32>
  // CHECK-NOT: load
  // CHECK-COUNT-5: gpu.shuffle xor
  // CHECK: gpu.barrier
  // CHECK: memref.store {{.*}} : memref<8xf32, #gpu.address_space<workgroup>>
  // CHECK: gpu.barrier
  // CHECK-COUNT-3: gpu.shuffle xor
  // CHECK-NOT: gpu.barrier
  // CHECK: math.sqrt
  // Largest of two rounds side by side, 3 steps each; then the sums of codes.
  // CHECK-COUNT-6: gpu.shuffle xor {{.*}} : f32
  // CHECK-NOT: gpu.shuffle xor {{.*}} : f32
  // CHECK: math.roundeven
  // CHECK-COUNT-6: gpu.shuffle xor {{.*}} : i32
  // Four codes are one store, by every thread: no row is cut.
  // CHECK-NOT: scf.if
  // CHECK: memref.store {{.*}} : memref<1xvector<4xi8>>
  // CHECK: scf.if
  // CHECK: memref.store {{.*}} : memref<1xf32>
  // CHECK-NOT: gpu.shuffle
  // CHECK: return
  phi.tile_prepare %x[%i], %a norm %w[%i] eps 1.0e-5 tokens %from to %to
    for tensor<32x2048x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    : memref<?x2048xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// Rotated: columns 16, 8 and 4 apart are other lanes', 2 and 1 apart the thread's own; the scale takes 1 / sqrt(32) back.
// CHECK-LABEL: @rotated
func.func @rotated(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK-DAG: arith.constant 0.0013919425 : f32
  // CHECK-DAG: %[[FOUR:.*]] = arith.constant 4 : i32
  // CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i32
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK-COUNT-4: gpu.shuffle xor {{.*}}, %[[FOUR]], {{.*}} : f32
  // CHECK: gpu.shuffle xor {{.*}}, %[[TWO]], {{.*}} : f32
  // CHECK: gpu.shuffle xor {{.*}}, %[[ONE]], {{.*}} : f32
  // CHECK: arith.subf
  // CHECK: math.absf
  // Sixteen of the 256 threads have a quad.
  // CHECK: scf.if
  // CHECK: vector<4xi8>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to
    for tensor<32x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128, rotated = true>> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// 40 columns as bf16: what the record has beyond them is zero.
// CHECK-LABEL: @bf16
func.func @bf16(%x: memref<?x40xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK-DAG: %[[ROW:.*]] = arith.constant 10 : index
  // CHECK-DAG: %[[RECORD:.*]] = arith.constant 16 : index
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[STORES:.*]] = arith.cmpi slt, %{{.*}}, %[[RECORD]]
  // CHECK-DAG: %[[THERE:.*]] = arith.cmpi slt, %{{.*}}, %[[ROW]]
  // CHECK-COUNT-4: arith.select %[[THERE]], %{{.*}}, %[[ZERO]]
  // CHECK: scf.if %[[STORES]]
  // CHECK: memref.store {{.*}} : memref<1xvector<4xbf16>>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to for tensor<32x40xbf16> by bf16
    : memref<?x40xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// More than 6144 columns are several turns: the norm is found first, by a loop of its own.
// CHECK-LABEL: @long
func.func @long(%x: memref<?x14336xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index) {
  // CHECK: scf.for
  // CHECK:   scf.for
  // CHECK:   math.sqrt
  // CHECK:   scf.for
  // CHECK-NOT: gpu.barrier
  // CHECK-COUNT-8: memref.store {{.*}} : memref<1xvector<4xf32>>
  // CHECK: return
  phi.tile_prepare %x[%i], %a norm %w[%i] eps 1.0e-5 tokens %from to %to for tensor<32x14336xf32> by f32
    : memref<?x14336xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// Passes of more than 8 tokens leave f16: the row's largest magnitude is found over the block before anything is stored, two pairs of columns of a
// quad as words 16 bytes apart; the factor lies behind 2 * 2048 bytes, of records of 4160.
// CHECK-LABEL: @wide
func.func @wide(%x: memref<?x2048xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index, %count: index) {
  // CHECK-DAG: %[[FACTOR:.*]] = arith.constant 4096 : index
  // CHECK-DAG: %[[RECORD:.*]] = arith.constant 4160 : index
  // CHECK-DAG: %[[PAIR:.*]] = arith.constant 16 : index
  // CHECK-DAG: %[[FEW:.*]] = arith.constant 8 : index
  // CHECK: %[[LONG:.*]] = arith.cmpi sgt, %arg6, %[[FEW]]
  // CHECK: scf.if %[[LONG]]
  // CHECK: scf.for %[[TOKEN:.*]] = %arg4
  // CHECK: %[[AT:.*]] = arith.muli %[[TOKEN]], %[[RECORD]]
  // CHECK-NOT: memref.store {{.*}}xi32>>
  // CHECK: gpu.barrier
  // CHECK: gpu.barrier
  // CHECK: %[[SCALE:.*]] = arith.maxnumf
  // CHECK: arith.mulf {{.*}} : vector<2xf16>
  // CHECK: arith.mulf {{.*}} : vector<2xf16>
  // CHECK: memref.store {{.*}} : memref<1xi32>
  // CHECK: arith.addi %{{.*}}, %[[PAIR]]
  // CHECK: memref.store {{.*}} : memref<1xi32>
  // CHECK: scf.if
  // CHECK: arith.addi %[[AT]], %[[FACTOR]]
  // CHECK: memref.store {{.*}} : memref<1xf32>
  // CHECK: } else {
  // CHECK: memref.store {{.*}} : memref<1xvector<4xi8>>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to in %count
    for tensor<32x2048x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    : memref<?x2048xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

// The same of f16 weights: values over the row's largest, which becomes 2^15, as the sum of two f16 that lie 128 bytes apart; chunks of 64
// columns take 256, the factor lies behind 4 * 2048, in records of 8256. Passes of up to 8 tokens leave f32.
// CHECK-LABEL: @halves
func.func @halves(%x: memref<?x2048xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index, %from: index, %to: index, %count: index) {
  // CHECK-DAG: %[[FACTOR:.*]] = arith.constant 8192 : index
  // CHECK-DAG: %[[RECORD:.*]] = arith.constant 8256 : index
  // CHECK-DAG: %[[STEP:.*]] = arith.constant 3.05175781E-5 : f32
  // CHECK-DAG: %[[FEW:.*]] = arith.constant 8 : index
  // CHECK: %[[LONG:.*]] = arith.cmpi sgt, %arg6, %[[FEW]]
  // CHECK: scf.if %[[LONG]]
  // CHECK: %[[AT:.*]] = arith.muli %{{.*}}, %[[RECORD]]
  // CHECK-NOT: memref.store {{.*}}xf16>>
  // CHECK: gpu.barrier
  // CHECK: gpu.barrier
  // CHECK: arith.mulf %{{.*}}, %[[STEP]]
  // CHECK: arith.divf
  // CHECK: %[[HIGH:.*]] = arith.truncf %[[VALUE:.*]] : f32 to f16
  // CHECK: memref.store {{.*}} : memref<1xvector<4xf16>>
  // CHECK: %[[BACK:.*]] = arith.extf %[[HIGH]] : f16 to f32
  // CHECK: %[[LEFT:.*]] = arith.subf %[[VALUE]], %[[BACK]]
  // CHECK: arith.truncf %[[LEFT]] : f32 to f16
  // CHECK: memref.store {{.*}} : memref<1xvector<4xf16>>
  // CHECK: arith.addi %[[AT]], %[[FACTOR]]
  // CHECK: memref.store {{.*}} : memref<1xf32>
  // CHECK: } else {
  // CHECK: memref.store {{.*}} : memref<1xvector<4xf32>>
  phi.tile_prepare %x[%i], %a norm %w tokens %from to %to in %count for tensor<32x2048xf16> by f32
    : memref<?x2048xf32>, memref<?xi8>, memref<?xi8>
  return
}
