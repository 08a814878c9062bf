// phi.tile_combine, and the split phi.tile_attention before it, print as they are read.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @combine
// CHECK: phi.tile_attention
// CHECK-SAME: items %{{.*}} to %{{.*}} splits %{{.*}} partials %{{.*}} heads 2 tokens 1
// CHECK-SAME: memref<?x32xf32>, memref<?xi8>, memref<?x36xf32>
// CHECK: phi.tile_combine %{{.*}}, %{{.*}} splits %{{.*}} count %{{.*}} items %{{.*}} to %{{.*}} heads 2 : memref<?x36xf32>, memref<?x32xf32>
func.func @combine(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %partials: memref<?x36xf32>, %i: index) {
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i splits %i partials %partials heads 2
    tokens 1 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>, memref<?x36xf32>
  phi.tile_combine %partials, %result splits %i count %i items %i to %i heads 2 : memref<?x36xf32>, memref<?x32xf32>
  return
}
