// What lies before a barrier is a region with a number; a launch runs those that it is told, and a loop over layers begins where they do.
// RUN: phidias-opt %s --phi-cuda-cut-launches --canonicalize --cse | FileCheck %s -enable-var-scope

// What it cannot number is said.
// RUN: sed 's/scf.for %i = %c0 to %c3/scf.for %i = %c1 to %c3/' %s | not phidias-opt --phi-cuda-cut-launches 2>&1 | FileCheck %s --check-prefix=START
// START: error: 'scf.for' op over layers is expected to call one, and to count from 0 by 1
// RUN: sed 's/func.call @ahead(.thread) : (index) -> ()/%v = memref.view %logits[%c0][%count] : memref<?xi8> to memref<?x512xf32> phi.tile_linear %arena, %w[%c0], %v, %cache panels %c0 to %c4 tokens %count of tensor<512x64xf32> by f32 schedule <streams = 1, prefetch = 8, tokens = 4, panels = 2, chunk = 64> : memref<?xi8>, memref<?xi8>, memref<?x512xf32>, memref<?xi8>/' %s | not phidias-opt --phi-cuda-cut-launches 2>&1 | FileCheck %s --check-prefix=KINDS
// KINDS: error: 'scf.if' op has regions of the same number but of different kinds

func.func private @phirt_barrier(!llvm.ptr)
func.func private @phirt_claim(!llvm.ptr) -> index
func.func private @phirt_stage(!llvm.ptr, i64)
func.func private @own_work(index, index)
func.func private @ahead(index)

// Kind and stage of each: 2 of the first stage, 3 layers of one wide and one narrow region, and one more behind, of which either branch has one.
// CHECK: module attributes {phi.regions = array<i64: 1, 7, 1, 7, 0, 4, 1, 4, 0, 4, 1, 4, 0, 4, 1, 4, 1, 9>}

// CHECK-LABEL: func.func @forward(
// CHECK-SAME: %[[FIRST:arg18]]: index {phi.field = 144 : i64}, %[[COUNT:arg19]]: index {phi.field = 152 : i64}, %[[NARROW:arg20]]: index {phi.field = 160 : i64})
func.func @forward(%w: memref<?xi8>, %arena: memref<?xi8>, %cache: memref<?xi8>, %tokens: memref<?xi32>, %logits: memref<?xi8>, %count: index,
                   %position: index, %capacity: index, %rows: index, %long: i1, %thread: index, %threads: index, %barrier: !llvm.ptr,
                   %scratch: memref<?xi8>, %profile: !llvm.ptr, %pieces: index, %claims: !llvm.ptr, %choice: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %stage7 = arith.constant 7 : i64
  %stage9 = arith.constant 9 : i64

  // Narrow: blocks of it are `narrowBlocks`, what it has of the number of blocks or pieces follows; the others have no piece.
  // CHECK: %[[LAST:.*]] = arith.subi %[[NARROW]], %c1
  // CHECK: %[[BLOCK:.*]] = arith.minui %arg10, %[[LAST]]
  // CHECK: %[[PIECES:.*]] = arith.minui %arg5, %[[NARROW]]
  // CHECK: %[[END:.*]] = arith.addi %[[FIRST]], %[[COUNT]]
  // CHECK: %[[LEFT:.*]] = arith.subi %[[END]], %c1
  // CHECK: %[[LEFT_WORD:.*]] = arith.index_castui %[[LEFT]] : index to i32
  // CHECK: %[[BEHIND:.*]] = arith.subi %c0, %[[FIRST]]
  // CHECK: %[[RUNS:.*]] = arith.cmpi ult, %[[BEHIND]], %[[COUNT]]
  // CHECK: scf.if %[[RUNS]] {
  // CHECK: scf.while (%[[PIECE:.*]] = %[[BLOCK]])
  // CHECK: arith.cmpi ult, %[[PIECE]], %[[PIECES]]
  // CHECK: func.call @own_work(%{{.*}}, %[[PIECES]])
  %most = arith.minui %count, %pieces : index
  %done = scf.while (%piece = %thread) : (index) -> index {
    %left = arith.cmpi ult, %piece, %most : index
    scf.condition(%left) %piece : index
  } do {
  ^bb0(%piece: index):
    func.call @own_work(%piece, %most) : (index, index) -> ()
    %more = func.call @phirt_claim(%claims) : (!llvm.ptr) -> index
    scf.yield %more : index
  }
  // CHECK: func.call @phi_region_end(%arg12, %[[LEFT_WORD]], %false) : (!llvm.ptr, i32, i1) -> ()
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  %isNull = llvm.ptrtoint %profile : !llvm.ptr to i64
  %measured = arith.cmpi ne, %isNull, %stage7 : i64
  scf.if %measured {
    func.call @phirt_stage(%profile, %stage7) : (!llvm.ptr, i64) -> ()
  }

  // Layers of 2 regions, of which the first is number 2.
  // CHECK: %[[FROM:.*]] = arith.maxui %[[FIRST]], %c2
  // CHECK: %[[SKIPPED:.*]] = arith.subi %[[FROM]], %c2
  // CHECK: %[[LAYERS:.*]] = arith.divui %[[SKIPPED]], %c2
  // CHECK: %[[LAYER:.*]] = arith.minui %[[LAYERS]], %c3
  // CHECK: scf.for %[[I:.*]] = %[[LAYER]] to %c3
  // CHECK: %[[TWICE:.*]] = arith.muli %[[I]], %c2
  // CHECK: %[[BASE:.*]] = arith.addi %[[TWICE]], %c2
  // CHECK: func.call @layer({{.*}}, %[[FIRST]], %[[COUNT]], %[[NARROW]], %[[BASE]])
  scf.for %i = %c0 to %c3 step %c1 {
    func.call @layer(%w, %arena, %cache, %tokens, %logits, %count, %position, %capacity, %rows, %long, %thread, %threads, %barrier, %scratch,
                     %profile, %pieces, %claims, %choice, %i, %i)
      : (memref<?xi8>, memref<?xi8>, memref<?xi8>, memref<?xi32>, memref<?xi8>, index, index, index, index, i1, index, index, !llvm.ptr,
         memref<?xi8>, !llvm.ptr, index, !llvm.ptr, memref<?xi8>, index, index) -> ()
  }

  // Both branches are region 8; what is asked for ahead stays where it is, and the block's own.
  // CHECK: scf.if %arg9 {
  // CHECK: %[[RUNS:.*]] = arith.cmpi ult, %{{.*}}, %[[COUNT]]
  // CHECK: %[[AHEAD:.*]] = arith.andi %[[RUNS]], %{{.*}}
  // CHECK: scf.if %[[AHEAD]] {
  // CHECK-NEXT: func.call @ahead(%arg10)
  // CHECK: scf.if %[[RUNS]] {
  // CHECK-NEXT: func.call @phi_region_end
  // CHECK: } else {
  // CHECK: scf.if
  // CHECK-NEXT: func.call @phi_region_end
  %isFirst = arith.cmpi eq, %thread, %c0 : index
  scf.if %long {
    scf.if %isFirst {
      func.call @ahead(%thread) : (index) -> ()
    }
    func.call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  } else {
    func.call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  }
  scf.if %measured {
    func.call @phirt_stage(%profile, %stage9) : (!llvm.ptr, i64) -> ()
  }
  return
}

// CHECK-LABEL: func.func private @layer(
// CHECK-SAME: %[[FIRST:[^:,]*]]: index, %[[COUNT:[^:,]*]]: index, %[[NARROW:[^:,]*]]: index, %[[BASE:[^:,]*]]: index)
func.func private @layer(%w: memref<?xi8>, %arena: memref<?xi8>, %cache: memref<?xi8>, %tokens: memref<?xi32>, %logits: memref<?xi8>,
                         %count: index, %position: index, %capacity: index, %rows: index, %long: i1, %thread: index, %threads: index,
                         %barrier: !llvm.ptr, %scratch: memref<?xi8>, %profile: !llvm.ptr, %pieces: index, %claims: !llvm.ptr,
                         %choice: memref<?xi8>, %layer: index, %member: index) {
  %c8 = arith.constant 8 : index
  %stage = arith.constant 4 : i64
  %view = memref.view %logits[%layer][%count] : memref<?xi8> to memref<?x512xf32>
  // The linear is wide: all blocks take part in it.
  // CHECK: %[[END:.*]] = arith.addi %[[FIRST]], %[[COUNT]]
  // CHECK: %[[NEXT:.*]] = arith.addi %[[BASE]], %c1
  // CHECK: arith.subi %[[END]], %[[NEXT]]
  // CHECK: %[[BEHIND:.*]] = arith.subi %[[BASE]], %[[FIRST]]
  // CHECK: %[[RUNS:.*]] = arith.cmpi ult, %[[BEHIND]], %[[COUNT]]
  // CHECK: scf.if %[[RUNS]]
  // CHECK: scf.while (%{{.*}} = %arg10)
  // CHECK: phi.tile_linear
  %end = scf.while (%piece = %thread) : (index) -> index {
    %left = arith.cmpi ult, %piece, %pieces : index
    scf.condition(%left) %piece : index
  } do {
  ^bb0(%piece: index):
    phi.tile_linear %arena, %w[%layer], %view, %scratch panels %piece to %c8 tokens %count
      of tensor<512x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
      schedule <streams = 2, prefetch = 8, tokens = 4, panels = 2, chunk = 64>
      : memref<?xi8>, memref<?xi8>, memref<?x512xf32>, memref<?xi8>
    %more = func.call @phirt_claim(%claims) : (!llvm.ptr) -> index
    scf.yield %more : index
  }
  // CHECK: func.call @phi_region_end(%arg12, %{{.*}}, %true)
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  // CHECK: arith.subi %[[NEXT]], %[[FIRST]]
  // CHECK: func.call @phi_region_end(%arg12, %{{.*}}, %false)
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  func.call @phirt_stage(%profile, %stage) : (!llvm.ptr, i64) -> ()
  return
}
