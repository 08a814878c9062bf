// phi.tile_append prints as it is read, with one list of frequencies or two.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @append
// CHECK: phi.tile_append %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}} at %{{.*}}, %{{.*}} capacity %{{.*}} items %{{.*}} to %{{.*}} heads 2
// CHECK-SAME: short dense<[1.000000e+00, 5.000000e-01]> : tensor<2xf32> scale 1.000000e+00
// CHECK-SAME: memref<?x64xf32, strided<[80, 1]>>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
// CHECK: phi.tile_append
// CHECK-SAME: long dense<2.500000e-01> : tensor<2xf32> scale 1.250000e+00
func.func @append(%qkv: memref<?x64xf32, strided<[80, 1]>>, %cache: memref<?xi8>, %scratch: memref<?xi8>, %i: index, %long: i1) {
  phi.tile_append %qkv, %cache[%i], %scratch at %i, %long capacity %i items %i to %i heads 2
    short dense<[1.0, 0.5]> : tensor<2xf32> scale 1.0
    : memref<?x64xf32, strided<[80, 1]>>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  phi.tile_append %qkv, %cache[%i], %scratch at %i, %long capacity %i items %i to %i heads 2
    short dense<[1.0, 0.5]> : tensor<2xf32> long dense<0.25> : tensor<2xf32> scale 1.25
    : memref<?x64xf32, strided<[80, 1]>>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f32>, memref<?xi8>
  return
}
