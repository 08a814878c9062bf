// A thread's quad of codes is one word of the token's panel; floats are a load for each line.
// RUN: phidias-opt %s -split-input-file --phi-cuda-map-tiles --canonicalize --cse | FileCheck %s -enable-var-scope

// CHECK-LABEL: @codebook
func.func @codebook(%t: memref<?xi32>, %w: memref<?xi8>, %o: index, %r: memref<?x1024xf32>, %from: index, %to: index) {
  // The codebook is two words of eight bytes, -127 the lowest of the first.
  // CHECK-DAG: arith.constant -654466911485192063 : i64
  // CHECK: memref.load {{.*}} : memref<?xi32>
  // CHECK: memref.load {{.*}} : memref<1xvector<1xi32>>
  // CHECK: memref.load {{.*}} : memref<1xvector<1xf16>>
  // CHECK-COUNT-4: arith.sitofp
  // CHECK-COUNT-12: gpu.shuffle xor
  // CHECK-NOT: gpu.shuffle
  // CHECK: vector.store {{.*}} {alignment = 16 : i64} : memref<?x1024xf32>, vector<4xf32>
  phi.tile_embed %t, %w[%o], %r tokens %from to %to of tensor<97x1024x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
      codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], rotated = true>>
    : memref<?xi32>, memref<?xi8>, memref<?x1024xf32>
  return
}

// -----

// CHECK-LABEL: @two_levels
func.func @two_levels(%t: memref<?xi32>, %w: memref<?xi8>, %o: index, %r: memref<?x272xf32>, %from: index, %to: index) {
  // Low and high bits, scale and super-scale.
  // CHECK-COUNT-2: memref.load {{.*}} : memref<1xvector<1xi32>>
  // CHECK: memref.load {{.*}} : memref<1xvector<1xi8>>
  // CHECK: memref.load {{.*}} : memref<1xvector<1xf32>>
  // CHECK-NOT: gpu.shuffle
  // CHECK: scf.if
  // CHECK: vector.store
  phi.tile_embed %t, %w[%o], %r tokens %from to %to
    of tensor<97x272x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>>
    : memref<?xi32>, memref<?xi8>, memref<?x272xf32>
  return
}

// -----

// CHECK-LABEL: @bf16
func.func @bf16(%t: memref<?xi32>, %w: memref<?xi8>, %o: index, %r: memref<?x1024xf32>, %from: index, %to: index) {
  // CHECK-COUNT-2: memref.load {{.*}} : memref<1xvector<2xbf16>>
  // CHECK-NOT: memref.load
  // CHECK: return
  phi.tile_embed %t, %w[%o], %r tokens %from to %to of tensor<97x1024xbf16>
    : memref<?xi32>, memref<?xi8>, memref<?x1024xf32>
  return
}
