// Round trip of phi.tile_linear, phi.tile_prepare and phi.tile_embed, with and without their optional parts.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s

// CHECK-LABEL: @linear
func.func @linear(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // CHECK: phi.tile_linear %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} residual %{{.*}} : memref<?x32xf32> panels %{{.*}} to %{{.*}} tokens %{{.*}} of tensor<32x64xbf16> by bf16 schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64> : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  phi.tile_linear %a, %w[%i], %r, %s residual %r : memref<?x32xf32> panels %i to %i tokens %i of tensor<32x64xbf16> by bf16
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  // CHECK: phi.tile_linear %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} panels %{{.*}} to %{{.*}} tokens %{{.*}} of tensor<64x64xf32> by f32 gated schedule
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<64x64xf32> by f32 gated
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// CHECK-LABEL: @prepare
func.func @prepare(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index) {
  // CHECK: phi.tile_prepare %{{.*}}[%{{.*}}], %{{.*}} norm %{{.*}}[%{{.*}}] eps 1.000000e-05 tokens %{{.*}} to %{{.*}} for tensor<32x64xf16> by f32 : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  phi.tile_prepare %x[%i], %a norm %w[%i] eps 1.0e-5 tokens %i to %i for tensor<32x64xf16> by f32
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  // CHECK: phi.tile_prepare %{{.*}}[%{{.*}}], %{{.*}} norm %{{.*}} tokens
  phi.tile_prepare %x[%i], %a norm %w tokens %i to %i for tensor<32x64xf16> by f32
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  // CHECK: phi.tile_prepare %{{.*}}[%{{.*}}], %{{.*}} norm %{{.*}} tokens %{{.*}} to %{{.*}} in %{{.*}} for tensor<32x64x!phi.quantized<{{.*}}>> by i8
  phi.tile_prepare %x[%i], %a norm %w tokens %i to %i in %i for tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// CHECK-LABEL: @embed
func.func @embed(%t: memref<?xi32>, %w: memref<?xi8>, %i: index, %r: memref<?x64xf32>) {
  // CHECK: phi.tile_embed %{{.*}}, %{{.*}}[%{{.*}}], %{{.*}} tokens %{{.*}} to %{{.*}} of tensor<97x64xf16> : memref<?xi32>, memref<?xi8>, memref<?x64xf32>
  phi.tile_embed %t, %w[%i], %r tokens %i to %i of tensor<97x64xf16> : memref<?xi32>, memref<?xi8>, memref<?x64xf32>
  return
}
