// Each constraint of phi.tile_append and phi.tile_attention.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @append_c1(%q: memref<?x63xf32>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{qkv must have 64 columns}}
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32>
    scale 1.0 : memref<?x63xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @append_c1_stride(%q: memref<?x64xf32, strided<[128, 2]>>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{qkv must have its columns side by side}}
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32>
    scale 1.0 : memref<?x64xf32, strided<[128, 2]>>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @append_c2(%q: memref<?x112xf32>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{heads must be a multiple of 2, got 3}}
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 3 short dense<1.0> : tensor<2xf32>
    scale 1.0 : memref<?x112xf32>, memref<?xi8> as !phi.cache<2 x 2 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @append_c3(%q: memref<?x64xf32>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{must have 1 to 8 frequencies, got 9}}
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<9xf32>
    scale 1.0 : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @append_long(%q: memref<?x64xf32>, %c: memref<?xi8>, %s: memref<?xi8>, %i: index, %long: i1) {
  // expected-error @below {{long must have 2 frequencies, got 3}}
  phi.tile_append %q, %c[%i], %s at %i, %long capacity %i items %i to %i heads 2 short dense<1.0> : tensor<2xf32> long dense<1.0> : tensor<3xf32>
    scale 1.0 : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

func.func @attention_c1(%q: memref<?x65xf32>, %c: memref<?xi8>, %r: memref<?x32xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{qkv must have 64 columns}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25
    : memref<?x65xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @attention_c2(%q: memref<?x112xf32>, %c: memref<?xi8>, %r: memref<?x48xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{heads must be a multiple of 2, got 3}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 3 tokens 8 scale 0.25
    : memref<?x112xf32>, memref<?xi8> as !phi.cache<2 x 2 x 16 x f16>, memref<?x48xf32>, memref<?xi8>
  return
}

// -----

func.func @attention_c3(%q: memref<?x64xf32>, %c: memref<?xi8>, %r: memref<?x33xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{result must have 32 columns}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x33xf32>, memref<?xi8>
  return
}

// -----

func.func @attention_c4(%q: memref<?x64xf32>, %c: memref<?xi8>, %r: memref<?x32xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{window must be at least 1}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 8 scale 0.25 window 0
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @attention_tokens(%q: memref<?x64xf32>, %c: memref<?xi8>, %r: memref<?x32xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{tokens must be 1 to 256, got 0}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 0 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @attention_tokens(%q: memref<?x64xf32>, %c: memref<?xi8>, %r: memref<?x32xf32>, %s: memref<?xi8>, %i: index) {
  // expected-error @below {{tokens must be 1 to 256, got 257}}
  phi.tile_attention %q, %c[%i], %r, %s at %i count %i capacity %i items %i to %i heads 2 tokens 257 scale 0.25
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?x32xf32>, memref<?xi8>
  return
}
