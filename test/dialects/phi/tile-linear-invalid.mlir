// Each constraint of phi.tile_linear, phi.tile_prepare and phi.tile_embed.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @c1_shape(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{weight must be a static matrix, got 'tensor<?x64xf32>'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<?x64xf32> by f32
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c1_vector(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{weight must be a static matrix, got 'tensor<64xf32>'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<64xf32> by f32
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c1_element(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{no weight has element type 'f64'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64xf64> by f32
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c2_codes(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{activation 'f32' does not fit weight '!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by f32
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c2_floats(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{activation 'i8' does not fit weight 'f32'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64xf32> by i8
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c2_bf16(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{activation 'bf16' does not fit weight 'f16'}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64xf16> by bf16
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c3_result(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x31xf32>, %s: memref<?xi8>) {
  // expected-error @below {{result must have 32 columns, got 31}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x31xf32>, memref<?xi8>
  return
}

// -----

func.func @c3_gated(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>) {
  // expected-error @below {{result must have 16 columns, got 32}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8 gated
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c3_residual(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %q: memref<?x31xf32>) {
  // expected-error @below {{residual must have 32 columns}}
  phi.tile_linear %a, %w[%i], %r, %s residual %q : memref<?x31xf32> panels %i to %i tokens %i of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

func.func @c4_rows(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x24xf32>, %s: memref<?xi8>) {
  // expected-error @below {{gated takes rows that divide by 32 and no residual, got 48}}
  phi.tile_linear %a, %w[%i], %r, %s panels %i to %i tokens %i of tensor<48x64xf32> by f32 gated
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x24xf32>, memref<?xi8>
  return
}

// -----

func.func @c4_residual(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x16xf32>, %s: memref<?xi8>, %q: memref<?x16xf32>) {
  // expected-error @below {{gated takes rows that divide by 32 and no residual, got 32}}
  phi.tile_linear %a, %w[%i], %r, %s residual %q : memref<?x16xf32> panels %i to %i tokens %i of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8 gated
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x16xf32>, memref<?xi8>
  return
}

// -----

func.func @prepare_c1(%x: memref<?x63xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index) {
  // expected-error @below {{rows must have 64 columns, got 63}}
  phi.tile_prepare %x[%i], %a norm %w tokens %i to %i for tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    : memref<?x63xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

func.func @prepare_c2(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index) {
  // expected-error @below {{activation 'i8' does not fit weight 'bf16'}}
  phi.tile_prepare %x[%i], %a norm %w tokens %i to %i for tensor<32x64xbf16> by i8
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

func.func @prepare_c3(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index) {
  // expected-error @below {{eps must be given where norm is}}
  "phi.tile_prepare"(%x, %i, %a, %w, %i, %i) <{activation = f32, eps = 1.0e-5 : f64, weight_type = tensor<32x64xf32>,
    operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 1, 1, 0>}>
    : (memref<?x64xf32>, index, memref<?xi8>, memref<?xi8>, index, index) -> ()
  return
}

// -----

func.func @prepare_c4(%x: memref<?x64xf32>, %a: memref<?xi8>, %w: memref<?xi8>, %i: index) {
  // expected-error @below {{count fits quantised and f16 weights alone, got 'bf16'}}
  phi.tile_prepare %x[%i], %a norm %w tokens %i to %i in %i for tensor<32x64xbf16> by bf16
    : memref<?x64xf32>, memref<?xi8>, memref<?xi8>
  return
}

// -----

func.func @embed_c1(%t: memref<?xi32>, %w: memref<?xi8>, %i: index, %r: memref<?x65xf32>) {
  // expected-error @below {{result must have 64 columns}}
  phi.tile_embed %t, %w[%i], %r tokens %i to %i of tensor<97x64xf32> : memref<?xi32>, memref<?xi8>, memref<?x65xf32>
  return
}

// -----

func.func @embed_weight(%t: memref<?xi32>, %w: memref<?xi8>, %i: index, %r: memref<?x64xf32>) {
  // expected-error @below {{no weight has element type 'i8'}}
  phi.tile_embed %t, %w[%i], %r tokens %i to %i of tensor<97x64xi8> : memref<?xi32>, memref<?xi8>, memref<?x64xf32>
  return
}
