// Round trip of phi.tile_append and phi.tile_attention, with and without their optional parts.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK-LABEL: @append
func.func @append(%q: memref<?x64xf32>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // CHECK: phi.tile_append %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}} at %{{.*}}, %{{.*}} capacity %{{.*}} items %{{.*}} to %{{.*}} heads 2 short dense<1.000000e+00> : tensor<2xf32> long dense<5.000000e-01> : tensor<2xf32> scale 1.500000e+00 : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32>
    long dense<0.5> : tensor<2xf32> scale 1.5 : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// CHECK-LABEL: @attend
func.func @attend(%q: memref<?x64xf32>, %c: memref<?xi8>, %r: memref<?x32xf32>, %s: memref<?xi8>, %i: index) {
  // CHECK: phi.tile_attention %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} at %{{.*}} count %{{.*}} capacity %{{.*}} items %{{.*}} to %{{.*}} heads 2 tokens 8 scale 2.500000e-01 window 7 :
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25 window 7
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}
