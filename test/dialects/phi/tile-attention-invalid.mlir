// Constraints C1 to C4 of phi.tile_attention.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @c1(%qkv: memref<?x48xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %i: index) {
  // expected-error @below {{qkv must have 64 columns, got 48}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25
    : memref<?x48xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c2(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %i: index) {
  // expected-error @below {{heads must be a multiple of 2, got 0}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 0 tokens 8 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 2 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c3(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x16xf32>, %i: index) {
  // expected-error @below {{result must have 32 columns, got 16}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x16xf32>, memref<?xi8>
  return
}

// -----

func.func @c4_window(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %i: index) {
  // expected-error @below {{window must be at least 1}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25 window 0
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c4_tokens(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %i: index) {
  // expected-error @below {{tokens must be 1 to 256, got 0}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i heads 2 tokens 0 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c5(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %result: memref<?x32xf32>, %partials: memref<?x34xf32>, %i: index) {
  // expected-error @below {{partials must have 36 columns, got 34}}
  phi.tile_attention %qkv, %b[%i], %result, %b at %i count %i capacity %i items %i to %i splits %i partials %partials heads 2
    tokens 1 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>, memref<?x34xf32>
  return
}
