// Passes of more than 8 tokens: a tile of panels is unpacked, chunk by chunk, into scratch, and multiplied with all tokens.
// RUN: phidias-opt %s -split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s

// CHECK-LABEL: @q4_1
func.func @q4_1(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x48xf32>, %s: memref<?xi8>, %from: index,
                %to: index, %count: index) {
  // CHECK: arith.cmpi ule, %[[COUNT:.*]], %c8 : index
  // CHECK: } else {
  // Tiles of two panels; one beyond the share repeats the last.
  // CHECK: scf.for %{{.*}} = %{{.*}} to %[[TO:.*]] step %c2
  // CHECK: %[[LAST:.*]] = arith.subi %[[TO]], %c1 : index
  // CHECK: arith.minsi %{{.*}}, %[[LAST]] : index
  // CHECK: arith.minsi %{{.*}}, %[[LAST]] : index
  // 4 steps in chunks of 2 (128 columns).
  // CHECK: scf.for %[[STEP:.*]] = %c0 to %c4 step %c2
  // CHECK: %[[UNTIL:.*]] = arith.addi %[[STEP]], %c2
  // CHECK: %[[END:.*]] = arith.minsi %[[UNTIL]], %c4
  // Unpacked: 16 quads of codes a panel, and scales and minima as f32.
  // CHECK: scf.for
  // CHECK: vector.store %{{.*}}, %[[SCRATCH:.*]][%{{.*}}] : memref<?xi8>, vector<64xi8>
  // CHECK: arith.extf {{.*}} : vector<16xf16> to vector<16xf32>
  // Blocks of 3 tokens: 6 accumulators.
  // CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c3
  // CHECK: %{{.*}}:6 = scf.for
  // The next three tokens' records, 256 codes, 8 scales and 8 sums each, are asked for: 3 * 320 / 4 words further.
  // CHECK: %[[FIRST:.*]] = arith.addi %{{.*}}, %c240 : index
  // CHECK-COUNT-3: memref.prefetch %{{.*}}, read, locality<3>, data : memref<2147483647xi32>
  // CHECK-NOT: memref.prefetch
  // CHECK-COUNT-48: phi.dot {{.*}} max 15
  // CHECK: vector.fma
  // CHECK: scf.yield
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
    of tensor<48x256x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>> by i8
    schedule <streams = 1, prefetch = 0, tokens = 3, panels = 2, chunk = 128>
    : memref<?xi8>, memref<?xi8>, memref<?x48xf32>, memref<?xi8>
  return
}

// -----

// Floats: the columns of a step are added apart, 16 a turn, before they join the rest.
// CHECK-LABEL: @f32
func.func @f32(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
    %to: index, %n: index) {
  // CHECK: arith.cmpi ule, %{{.*}}, %c8 : index
  // CHECK: } else {
  // CHECK: scf.for %{{.*}} step %c2
  // CHECK: %{{.*}}:4 = scf.for
  // CHECK-COUNT-64: vector.fma
  // CHECK-NOT: vector.fma
  // CHECK-COUNT-4: arith.addf {{.*}} : vector<16xf32>
  // CHECK: scf.yield
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %n of tensor<32x128xf32> by f32
    schedule <streams = 1, prefetch = 0, tokens = 2, panels = 2, chunk = 128>
    : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
  return
}

// -----

// A codebook: entries become bytes on the largest of the 4 scales of 128 columns, unsigned; a token's block has one seed, and sums
// are rescaled once for it.
// CHECK-LABEL: @codebook
func.func @codebook(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x16xf32>, %s: memref<?xi8>, %from: index,
                    %to: index, %count: index) {
  // CHECK: } else {
  // CHECK: arith.andi {{.*}} : vector<16xi32>
  // CHECK-COUNT-3: arith.maxsi {{.*}} : vector<16xi32>
  // CHECK: arith.divf {{.*}} : vector<16xf32>
  // CHECK: scf.for
  // CHECK: %[[WORDS:.*]] = arith.fptosi {{.*}} : vector<16xf32> to vector<16xi32>
  // CHECK: %[[BYTES:.*]] = arith.trunci %[[WORDS]] : vector<16xi32> to vector<16xi8>
  // CHECK: %[[FACTORS:.*]] = vector.shuffle %[[BYTES]], %[[BYTES]] [0, 0, 0, 0, 1, 1, 1, 1, 2,
  // CHECK: %[[ENTRIES:.*]] = phi.lookup %{{.*}}, [-127, -104,
  // CHECK: %[[CODES:.*]] = phi.rescale %{{.*}}, %[[FACTORS]] : vector<64xi8>
  // CHECK: arith.xori %{{.*}} : vector<64xi8>
  // CHECK: %{{.*}}:2 = scf.for
  // The seeds stand behind 384 codes, 12 scales and 12 sums of groups: words 96 + 24 on.
  // CHECK: %[[SEEDS:.*]] = arith.addi %{{.*}}, %c120 : index
  // CHECK: %{{.*}}:2 = scf.for %{{.*}} = %c0 to %c4
  // CHECK-COUNT-16: phi.dot {{.*}} max 255
  // CHECK-NOT: phi.dot
  // CHECK: scf.yield
  // CHECK-COUNT-2: vector.fma
  // CHECK: return
  phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
    of tensor<16x384x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
       codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]>> by i8
    schedule <streams = 1, prefetch = 0, tokens = 2, panels = 1, chunk = 256>
    : memref<?xi8>, memref<?xi8>, memref<?x16xf32>, memref<?xi8>
  return
}
