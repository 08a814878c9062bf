// Machines that take a factor from a lane: vectors of 4 rows; codes that may exceed 127 are signed where the machine wants them
// so, and in long passes always, with their zero subtracted.
// RUN: sed s/MACHINE/"signed_codes = true, value_lanes = true"/ %s | phidias-opt -split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,SIGNED
// RUN: sed s/MACHINE/"value_lanes = true, matrix = true"/ %s | phidias-opt -split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,MATRIX

module attributes {phi.machine = #phi.machine<lanes = 4, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false, MACHINE>} {
  // CHECK-LABEL: @int8
  func.func @int8(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
                  %to: index, %count: index) {
    // One token: a half step at a time, four rows of a quad at a time; a token's four columns are a lane.
    // CHECK: arith.cmpi ule, %{{.*}}, %c1 : index
    // CHECK: scf.for %{{.*}} = %c0 to %c2
    // SIGNED: %[[LINE:.*]] = vector.load {{.*}} vector<64xi8>
    // SIGNED-NEXT: %[[ROWS:.*]] = vector.extract_strided_slice %[[LINE]] {offsets = [0], sizes = [16]
    // SIGNED: %[[CODES:.*]] = arith.xori %[[ROWS]], %{{.*}} : vector<16xi8>
    // SIGNED: %[[EIGHT:.*]] = vector.load {{.*}} : memref<{{.*}}xi32>, vector<8xi32>
    // SIGNED: %[[FOUR:.*]] = vector.extract_strided_slice %[[EIGHT]] {offsets = [0], sizes = [4]
    // SIGNED: %[[LANE:.*]] = vector.shuffle %[[FOUR]], %[[FOUR]] [0, 0, 0, 0] : vector<4xi32>, vector<4xi32>
    // SIGNED: %[[VALUES:.*]] = vector.bitcast %[[LANE]] : vector<4xi32> to vector<16xi8>
    // SIGNED: phi.dot %{{.*}}, %[[CODES]], %[[VALUES]] max 128 signed_codes : vector<4xi32>, vector<16xi8>
    // Unsigned codes need the seed of the zero point: a word of the token, the first of a pair.
    // MATRIX: %[[SUMS:.*]] = vector.load {{.*}} : memref<{{.*}}xi32>, vector<4xi32>
    // MATRIX: %[[SEED:.*]] = vector.shuffle %[[SUMS]], %[[SUMS]] [0, 0, 0, 0]
    // MATRIX: phi.dot %[[SEED]], %{{.*}}, %{{.*}} max 255 : vector<4xi32>, vector<16xi8>
    // In a pair's record the first token's quads 0 and 1 are lanes 0 and 1, and 2 and 3 those of the next vector.
    // MATRIX: vector.shuffle {{.*}} [1, 1, 1, 1]
    // MATRIX-NOT: [2, 2, 2, 2]
    // CHECK: arith.cmpi ule, %{{.*}}, %c2 : index
    // Of two tokens the second has lanes 2 and 3.
    // MATRIX: vector.shuffle {{.*}} [2, 2, 2, 2]
    // A long pass: codes - 128, whose sums start at 0x4B400000 and are read as f32.
    // SIGNED: vector.store {{.*}} : memref<?xi8>, vector<16xi8>
    // SIGNED-COUNT-64: phi.dot {{.*}} max 128 signed_codes : vector<4xi32>, vector<16xi8>
    // MATRIX: vector.shuffle {{.*}} [0, 4, 1, 5] : vector<4xi32>, vector<4xi32>
    // MATRIX: vector.shuffle {{.*}} [2, 6, 3, 7] : vector<4xi32>, vector<4xi32>
    // MATRIX-COUNT-32: phi.dot_matrix {{.*}} max 128 signed_codes : vector<4xi32>, vector<16xi8>
    // MATRIX: vector.bitcast %{{.*}} : vector<4xi32> to vector<4xf32>
    // CHECK-NOT: arith.sitofp
    // CHECK: vector.fma
    // Rows of a pair: every other lane of both places.
    // MATRIX: vector.shuffle {{.*}} [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]
    // CHECK: return
    phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
      of tensor<32x128x!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>> by i8
      schedule <streams = 1, prefetch = 0, tokens = 4, panels = 1, chunk = 128>
      : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
    return
  }

  // Four bits: a shift brings the high nibbles down, one instruction for bytes; 15 at most is signed and unsigned alike.
  // CHECK-LABEL: @q4_0
  func.func @q4_0(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x32xf32>, %s: memref<?xi8>, %from: index,
                  %to: index, %count: index) {
    // CHECK: arith.andi %[[PACKED:.*]], %{{.*}} : vector<16xi8>
    // CHECK: arith.shrui %[[PACKED]], %{{.*}} : vector<16xi8>
    // SIGNED: phi.dot {{.*}} max 15 signed_codes
    // MATRIX: phi.dot {{.*}} max 15 :
    // CHECK: arith.subi %{{.*}}, %{{.*}} : vector<16xi8>
    // SIGNED: phi.dot {{.*}} max 8 signed_codes
    // MATRIX: phi.dot_matrix {{.*}} max 8 signed_codes
    // CHECK: return
    phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
      of tensor<32x128x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
      schedule <streams = 1, prefetch = 0, tokens = 2, panels = 1, chunk = 128>
      : memref<?xi8>, memref<?xi8>, memref<?x32xf32>, memref<?xi8>
    return
  }

  // A codebook: the codes of a long pass are on one scale for 256 columns, so sums become floats once for 8 groups, and are
  // loaded where they are added to.
  // CHECK-LABEL: @codebook
  func.func @codebook(%a: memref<?xi8>, %w: memref<?xi8>, %i: index, %r: memref<?x16xf32>, %s: memref<?xi8>, %from: index,
                      %to: index, %count: index) {
    // CHECK: arith.maxsi {{.*}} : vector<4xi32>
    // CHECK: arith.divf {{.*}} : vector<4xf32>
    // CHECK: scf.for %{{.*}} = %c0 to %c8
    // CHECK: phi.lookup %{{.*}}, [-127, -104, {{.*}}] : vector<16xi8>
    // CHECK: phi.rescale {{.*}} : vector<16xi8>
    // SIGNED: %[[SUMS:.*]]:8 = scf.for %{{.*}} = %c0 to %c8
    // SIGNED-COUNT-64: phi.dot {{.*}} max 128 signed_codes
    // MATRIX: %[[SUMS:.*]]:8 = scf.for %{{.*}} = %c0 to %c8
    // MATRIX-COUNT-32: phi.dot_matrix {{.*}} max 128 signed_codes
    // CHECK: scf.yield
    // CHECK: vector.load {{.*}} : memref<?xi8>, vector<{{32|64}}xi8>
    // CHECK: vector.bitcast %[[SUMS]]#0 : vector<4xi32> to vector<4xf32>
    // CHECK: vector.store
    // CHECK: return
    phi.tile_linear %a, %w[%i], %r, %s panels %from to %to tokens %count
      of tensor<16x512x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
         codebook = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]>> by i8
      schedule <streams = 1, prefetch = 0, tokens = 4, panels = 1, chunk = 256>
      : memref<?xi8>, memref<?xi8>, memref<?x16xf32>, memref<?xi8>
    return
  }
}
