// Passes of few tokens: kernels for 1, 2, 4 and 8 tokens that walk `streams` far-apart panels together and fetch ahead.
// RUN: phidias-opt %s -split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s

// Q4_0, one token: high nibbles are multiplied where they stand and their sum is shifted; scales are f16.
// CHECK-LABEL: @q4_0
func.func @q4_0(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
                %to: index, %count: index) {
  // A kernel for one token: 4 streams share the panels; the rest go one by one.
  // CHECK: arith.cmpi ule, %[[COUNT:.*]], %c1 : index
  // CHECK: scf.if
  // CHECK:   %[[PANELS:.*]] = arith.subi %[[TO:.*]], %[[FROM:.*]] : index
  // CHECK:   %[[FAR:.*]] = arith.divui %[[PANELS]], %c4 : index
  // CHECK:   scf.for %{{.*}} = %c0 to %[[FAR]] step %c1
  // Two steps of 64 columns, an accumulator for each stream.
  // CHECK:     %[[SUMS:.*]]:4 = scf.for %{{.*}} = %c0 to %c2 step %c1 iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>) {
  // 9 lines of 64 bytes are asked for, 8 steps (4608 bytes) ahead.
  // CHECK:       arith.addi %{{.*}}, %c4608
  // CHECK-COUNT-9: memref.prefetch %{{.*}}, read, locality<3>, data
  // CHECK:       arith.andi %{{.*}}, %cst{{.*}} : vector<64xi8>
  // CHECK:       phi.dot {{.*}} max 15 : vector<16xi32>, vector<64xi8>
  // CHECK:       phi.dot {{.*}} max 240 : vector<16xi32>, vector<64xi8>
  // CHECK:       arith.shrsi
  // CHECK:       arith.sitofp {{.*}} : vector<16xi32> to vector<16xf32>
  // CHECK:       vector.fma
  // CHECK:   scf.for %{{.*}} step %c1
  // Two tokens: nibbles are shifted down once and serve both.
  // CHECK: arith.cmpi ule, %[[COUNT]], %c2 : index
  // CHECK-NOT: max 240
  // CHECK: arith.cmpi ule, %[[COUNT]], %c4 : index
  // CHECK: arith.cmpi ule, %[[COUNT]], %c8 : index
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
    of tensor<32x128x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
    schedule <streams = 4, prefetch = 8, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// Without prefetch no weights are asked for. Rows that do not fill a panel are masked.
// CHECK-LABEL: @tail
func.func @tail(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x17xf32>, %s: memref<?xi8>, %from: index,
                %to: index, %count: index) {
  // CHECK-NOT: memref.prefetch %{{.*}} : memref<?xi8>
  // CHECK: %[[LEFT:.*]] = arith.subi %c17, %{{.*}} : index
  // CHECK: %[[MASK:.*]] = vector.create_mask %[[LEFT]] : vector<16xi1>
  // CHECK: vector.maskedload %{{.*}}, %[[MASK]]
  // CHECK: vector.maskedstore %{{.*}}, %[[MASK]]
  // CHECK-NOT: memref.prefetch %{{.*}} : memref<?xi8>
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s residual %r : memref<?x17xf32> panels %from to %to tokens %count
    of tensor<17x40xf32> by f32 schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64, few_prefetch = 0>
    : memref<?xi8>, memref<?xi8>, memref<?x17xf32>, memref<?xi8>
  return
}

// -----

// 8 bits: codes are lines as they are, seeded with -128 times the sum. No lookups, no shifts.
// CHECK-LABEL: @int8
func.func @int8(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK-NOT: phi.lookup
  // CHECK-COUNT-16: phi.dot {{.*}} max 255
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n
    of tensor<32x64x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>> by i8
    schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// 6 bits: two bits are put above the low four; a group of 16 has an i8 scale, multiplied in integers. There is no unpacked form:
// long passes go 8 tokens by 8.
// CHECK-LABEL: @q6_k
func.func @q6_k(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK: arith.ori {{.*}} : vector<64xi8>
  // CHECK: phi.dot {{.*}} max 63
  // CHECK: arith.extsi {{.*}} : vector<16xi8> to vector<16xi32>
  // CHECK: arith.muli {{.*}} : vector<16xi32>
  // CHECK: arith.cmpi ule, %{{.*}}, %c8 : index
  // CHECK: } else {
  // CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c8
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n
    of tensor<32x256x!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>> by i8
    schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// A codebook: codes are looked up in a table of unsigned entries, -127 + 128 = 1 first.
// CHECK-LABEL: @codebook
func.func @codebook(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK: phi.lookup %{{.*}}, [1, 24, 45, 63, 79, 93, 106, 118, -127, -115, -103, -90, -75, -59, -39, -15] : vector<64xi8>
  // CHECK: phi.dot {{.*}} max 255
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n
    of tensor<32x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
       codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]>> by i8
    schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// bf16 by f32: the even columns of a line move up, the odd ones are masked.
// CHECK-LABEL: @bf16_as_f32
func.func @bf16_as_f32(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK-NOT: phi.dot_bf16
  // CHECK: arith.shli {{.*}} : vector<16xi32>
  // CHECK: vector.fma
  // CHECK: arith.andi {{.*}} : vector<16xi32>
  // CHECK: vector.fma
  // CHECK-NOT: phi.dot_bf16
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n of tensor<32x64xbf16> by f32
    schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// CHECK-LABEL: @bf16
func.func @bf16(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK-COUNT-32: phi.dot_bf16 {{.*}} : vector<16xf32>, vector<32xbf16>
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n of tensor<32x64xbf16> by bf16
    schedule <streams = 1, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// f16 is widened where it is loaded. SiLU is made of arithmetic: no call to a library.
// CHECK-LABEL: @f16_gated
// CHECK-NOT: math.exp
func.func @f16_gated(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // Gate and up go together: their panels are 2 (of 64 rows: 4) apart.
  // CHECK: arith.extf {{.*}} : vector<16xf16> to vector<16xf32>
  // CHECK: arith.negf
  // CHECK: arith.divf {{.*}} : vector<16xf32>
  // CHECK-NOT: math.exp
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n of tensor<64x64xf16> by f32 gated
    schedule <streams = 2, prefetch = 0, tokens = 4, panels = 2, chunk = 64>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}
