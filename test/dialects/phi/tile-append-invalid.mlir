// Constraints C1 to C3 of phi.tile_append, and of the cache's types.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @c1(%qkv: memref<?x48xf32>, %b: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{qkv must have 64 columns, got 48}}
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32> scale 1.0
    : memref<?x48xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @c1_apart(%qkv: memref<?x64xf32, strided<[128, 2]>>, %b: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{qkv must have its columns side by side}}
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32> scale 1.0
    : memref<?x64xf32, strided<[128, 2]>>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @c2(%qkv: memref<?x112xf32>, %b: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{heads must be a multiple of 2, got 3}}
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %i heads 3 short dense<1.0> : tensor<2xf32> scale 1.0
    : memref<?x112xf32>, memref<?xi8> as !phi.cache<2 x 2 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @c3(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{must have 1 to 8 frequencies, got 9}}
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<9xf32> scale 1.0
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @c3_long(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{long must have 8 frequencies, got 4}}
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<8xf32>
    long dense<1.0> : tensor<4xf32> scale 1.0
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

// expected-error @below {{i8 needs heads of a multiple of 32 channels, got 16}}
func.func private @channels(!phi.cache<2 x 1 x 16 x i8>)

// -----

// expected-error @below {{cache element type must be f32, f16 or i8, got 'bf16'}}
func.func private @element(!phi.cache<2 x 1 x 16 x bf16>)
