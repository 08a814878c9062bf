// phi.tile_attention prints as it is read, with a window and without.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @attend
// CHECK: phi.tile_attention %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} at %{{.*}} count %{{.*}} capacity %{{.*}} items %{{.*}} to %{{.*}} heads 2 tokens 8 scale 2.500000e-01 :
// CHECK-SAME: memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
// CHECK: phi.tile_attention
// CHECK-SAME: scale 2.500000e-01 window 20 :
func.func @attend(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %i: index) {
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25 window 20
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}
