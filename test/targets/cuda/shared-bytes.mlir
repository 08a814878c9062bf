// What is addressed by pointers alone counts as shared memory too: two blocks of 64 positions, keys (64 times 128 bytes) and values (64
// rows of 9 units of 16 bytes), in f16.
// RUN: phidias-opt %s --phi-cuda-map-tiles | FileCheck %s

// CHECK: phi.shared_bytes = 34816 : i64
func.func @attend(%qkv: memref<?x512xf32>, %cache: memref<?xi8>, %result: memref<?x256xf32>, %i: index) {
  phi.tile_attention %qkv, %cache[%i], %result, %cache at %i count %i capacity %i items %i to %i heads 4 tokens 16 scale 0.125
    : memref<?x512xf32>, memref<?xi8> as !phi.cache<2 x 2 x 64 x f16>, memref<?x256xf32>, memref<?xi8>
  return
}
