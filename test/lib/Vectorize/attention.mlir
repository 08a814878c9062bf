// phi.tile_attention becomes products in registers, an exponential of its own and, with few rows, prefetches.
// RUN: phidias-opt %s --split-input-file --phi-vectorize --canonicalize --cse | FileCheck %s -enable-var-scope
// RUN: phidias-opt %s --split-input-file --phi-vectorize | FileCheck %s --check-prefix=NONE
// NONE-NOT: phi.tile_
// NONE-NOT: math.exp

module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  // CHECK-LABEL: func.func @few_f16
  // One token: 4 query heads, 4 rows x 4 vectors of keys; widened where they are used.
  // CHECK: scf.for %{{.*}} = %{{.*}} to %c128 step %c1 iter_args({{.*}}) -> ({{((vector<16xf32>(, )?){16})}})
  // Those of the next block are asked for.
  // CHECK: memref.prefetch %{{.*}}, read, locality<2>, data : memref<?x128x16xf16>
  // CHECK: arith.extf %{{.*}} : vector<16xf16> to vector<16xf32>
  // CHECK: memref.load %{{.*}} : memref<4x128xf32>
  // CHECK: vector.broadcast %{{.*}} : f32 to vector<16xf32>
  // CHECK: vector.fma
  // The mask, then the exponential.
  // CHECK: arith.cmpi sge
  // CHECK: arith.select
  // CHECK: vector.reduction <maxnumf>
  // CHECK: arith.shli
  // CHECK: memref.prefetch %{{.*}}, read, locality<2>, data : memref<?x128xf16>
  // CHECK: arith.divf
  func.func @few_f16(%qkv: memref<?x768xf32>, %cache: memref<?xi8>, %result: memref<?x512xf32>, %scratch: memref<?xi8>, %i: index,
      %from: index, %to: index) {
    phi.tile_attention %qkv, %cache[%i], %result, %scratch at %i count %i capacity %i items %from to %to heads 4
      tokens 1 scale 0.25 : memref<?x768xf32>, memref<?xi8> as !phi.cache<2 x 1 x 128 x f16>, memref<?x512xf32>, memref<?xi8>
    return
  }
}

// -----

module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  // CHECK-LABEL: func.func @many_f16
  // 64 rows: a strip of keys is widened once, then tiles of 8 rows x 2 vectors; no remainder, as rows come four at a time.
  // CHECK: arith.extf %{{.*}} : vector<16xf16> to vector<16xf32>
  // CHECK: vector.store
  // CHECK: scf.for %{{.*}} step %c8
  // CHECK: scf.for %{{.*}} = %{{.*}} to %c128 step %c1 iter_args({{.*}}) -> ({{((vector<16xf32>(, )?){16})}})
  // CHECK-NOT: arith.extf
  // CHECK-NOT: memref.prefetch
  // CHECK: vector.fma
  // 4 rows are left over by a token count that is odd.
  // CHECK: scf.for %{{.*}} = %{{.*}} to %c128 step %c1 iter_args({{.*}}) -> ({{((vector<16xf32>(, )?){8})}})
  // CHECK: arith.divf
  func.func @many_f16(%qkv: memref<?x768xf32>, %cache: memref<?xi8>, %result: memref<?x512xf32>, %scratch: memref<?xi8>, %i: index,
      %from: index, %to: index) {
    phi.tile_attention %qkv, %cache[%i], %result, %scratch at %i count %i capacity %i items %from to %to heads 4
      tokens 16 scale 0.25 : memref<?x768xf32>, memref<?xi8> as !phi.cache<2 x 1 x 128 x f16>, memref<?x512xf32>, memref<?xi8>
    return
  }
}

// -----

module attributes {phi.machine = #phi.machine<lanes = 8, registers = 16, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  // CHECK-LABEL: func.func @few_f32_narrow
  // 16 registers of 8 lanes: 4 rows x 2 vectors, the two halves of a panel.
  // CHECK: scf.for %{{.*}} = %{{.*}} to %c128 step %c1 iter_args({{.*}}) -> ({{((vector<8xf32>(, )?){8})}})
  // CHECK: vector.fma %{{.*}} : vector<8xf32>
  // CHECK-NOT: vector<16xf32>
  // CHECK: arith.divf
  func.func @few_f32_narrow(%qkv: memref<?x768xf32>, %cache: memref<?xi8>, %result: memref<?x512xf32>, %scratch: memref<?xi8>, %i: index,
      %from: index, %to: index) {
    phi.tile_attention %qkv, %cache[%i], %result, %scratch at %i count %i capacity %i items %from to %to heads 4
      tokens 1 scale 0.25 : memref<?x768xf32>, memref<?xi8> as !phi.cache<2 x 1 x 128 x f32>, memref<?x512xf32>, memref<?xi8>
    return
  }
}

// -----

module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  // CHECK-LABEL: func.func @window
  // With a window the first block is the one of position - 4, and lanes below are masked too.
  // CHECK: arith.addi %{{.*}}, %c-4 : index
  // CHECK: arith.maxsi
  // CHECK: arith.cmpi sge
  // CHECK: arith.cmpi slt
  // CHECK: arith.andi
  func.func @window(%qkv: memref<?x768xf32>, %cache: memref<?xi8>, %result: memref<?x512xf32>, %scratch: memref<?xi8>, %i: index,
      %from: index, %to: index) {
    phi.tile_attention %qkv, %cache[%i], %result, %scratch at %i count %i capacity %i items %from to %to heads 4
      tokens 1 scale 0.25 window 5 : memref<?x768xf32>, memref<?xi8> as !phi.cache<2 x 1 x 128 x f32>, memref<?x512xf32>, memref<?xi8>
    return
  }
}

// -----

module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  // CHECK-LABEL: func.func @few_i8
  // The query becomes codes; keys are multiplied in integers, their codes being unsigned.
  // CHECK: math.roundeven
  // CHECK: arith.fptosi
  // CHECK: phi.dot %{{.*}}, %{{.*}}, %{{.*}} max 255 : vector<16xi32>, vector<64xi8>
  // So are values: the weights are the unsigned ones, in halves of 7 bits.
  // CHECK: arith.shrui
  // CHECK: arith.andi
  // CHECK: phi.dot %{{.*}}, %{{.*}}, %{{.*}} max 127 : vector<16xi32>, vector<64xi8>
  // CHECK: arith.divf
  func.func @few_i8(%qkv: memref<?x768xf32>, %cache: memref<?xi8>, %result: memref<?x512xf32>, %scratch: memref<?xi8>, %i: index,
      %from: index, %to: index) {
    phi.tile_attention %qkv, %cache[%i], %result, %scratch at %i count %i capacity %i items %from to %to heads 4
      tokens 1 scale 0.25 : memref<?x768xf32>, memref<?xi8> as !phi.cache<2 x 1 x 128 x i8>, memref<?x512xf32>, memref<?xi8>
    return
  }
}
