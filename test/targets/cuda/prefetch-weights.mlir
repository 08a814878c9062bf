// A linear's weights are asked for two meetings of the grid before it, by blocks that have a piece, in short passes.
// RUN: phidias-opt %s --phi-cuda-prefetch-weights --canonicalize | FileCheck %s -enable-var-scope

func.func private @phirt_barrier(!llvm.ptr)
func.func private @phirt_claim(!llvm.ptr) -> index

// The first region's barrier is the place; 96 KiB at most, half of that for the gate's and for the up panels. A panel of 64 columns has a
// step of 576 bytes, and the second half of 2048 rows is 64 panels further: 4096 + 64 * 576 = 40960.
// CHECK-LABEL: func.func @gated(
// CHECK-SAME: %[[W:[^,]*]]: memref<?xi8>, %{{[^,]*}}: memref<?xi8>, %{{[^,]*}}: memref<?xi8>, %{{[^,]*}}: memref<?xi32>, %[[ACTS:[^,]*]]: memref<?xi8>, %[[COUNT:[^,]*]]: index, %{{.*}}, %[[BLOCK:[^,]*]]: index, %[[BLOCKS:[^,]*]]: index, %[[BARRIER:[^,]*]]: !llvm.ptr
func.func @gated(%w: memref<?xi8>, %arena: memref<?xi8>, %cache: memref<?xi8>, %tokens: memref<?xi32>, %logits: memref<?xi8>, %count: index,
                 %position: index, %capacity: index, %rows: index, %long: i1, %thread: index, %threads: index, %barrier: !llvm.ptr,
                 %scratch: memref<?xi8>, %profile: !llvm.ptr, %pieces: index, %claims: !llvm.ptr, %out: memref<?x1024xf32>) {
  // CHECK-DAG: %[[FEW:.*]] = arith.constant 9 : index
  // CHECK-DAG: %[[PANEL:.*]] = arith.constant 576 : index
  // CHECK-DAG: %[[MOST:.*]] = arith.constant 49152 : index
  // CHECK-DAG: %[[UP:.*]] = arith.constant 40960 : index
  // CHECK: call @phirt_barrier(%[[BARRIER]])
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  // CHECK: %[[HAS:.*]] = arith.cmpi slt, %[[BLOCK]], %[[BLOCKS]]
  // CHECK: %[[SHORT:.*]] = arith.cmpi slt, %[[COUNT]], %[[FEW]]
  // CHECK: %[[BOTH:.*]] = arith.andi %[[HAS]], %[[SHORT]]
  // CHECK: scf.if %[[BOTH]] {
  // CHECK: %[[FROM:.*]] = arith.divui
  // CHECK: %[[TO:.*]] = arith.divui
  // CHECK: %[[OWN:.*]] = arith.subi %[[TO]], %[[FROM]]
  // CHECK: %[[ALL:.*]] = arith.muli %[[OWN]], %[[PANEL]]
  // CHECK: %[[BYTES:.*]] = arith.minsi %[[ALL]], %[[MOST]]
  // CHECK: call @phi_prefetch(%[[W]], %[[START:.*]], %[[BYTES]])
  // CHECK: %[[SECOND:.*]] = arith.addi %{{.*}}, %[[UP]]
  // CHECK: call @phi_prefetch(%[[W]], %[[SECOND]], %[[BYTES]])
  // CHECK: }
  // CHECK-NEXT: call @phirt_barrier(%[[BARRIER]])
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  // CHECK-NOT: phi_prefetch
  // CHECK: call @phirt_barrier(%[[BARRIER]])
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  %c64 = arith.constant 64 : index
  %one = arith.constant 1 : index
  %offset = arith.constant 4096 : index
  %end = scf.while (%piece = %thread) : (index) -> index {
    %left = arith.cmpi ult, %piece, %threads : index
    scf.condition(%left) %piece : index
  } do {
  ^bb0(%piece: index):
    %next = arith.addi %piece, %one : index
    %a = arith.muli %c64, %piece : index
    %from = arith.divui %a, %threads : index
    %b = arith.muli %c64, %next : index
    %to = arith.divui %b, %threads : index
    phi.tile_linear %logits, %w[%offset], %out, %scratch panels %from to %to tokens %count
      of tensor<2048x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8 gated
      schedule <streams = 1, prefetch = 96, tokens = 256, panels = 1, chunk = 64, few_prefetch = 48>
      : memref<?xi8>, memref<?xi8>, memref<?x1024xf32>, memref<?xi8>
    %more = func.call @phirt_claim(%claims) : (!llvm.ptr) -> index
    scf.yield %more : index
  }
  return
}

// A share that is read from memory is not known earlier.
// CHECK-LABEL: func.func @unknown(
// CHECK-NOT: phi_prefetch
func.func @unknown(%w: memref<?xi8>, %arena: memref<?xi8>, %cache: memref<?xi8>, %tokens: memref<?xi32>, %logits: memref<?xi8>, %count: index,
                   %position: index, %capacity: index, %rows: index, %long: i1, %thread: index, %threads: index, %barrier: !llvm.ptr,
                   %scratch: memref<?xi8>, %profile: !llvm.ptr, %pieces: index, %claims: !llvm.ptr, %out: memref<?x1024xf32>,
                   %shares: memref<?xindex>) {
  call @phirt_barrier(%barrier) : (!llvm.ptr) -> ()
  %offset = arith.constant 4096 : index
  %end = scf.while (%piece = %thread) : (index) -> index {
    %left = arith.cmpi ult, %piece, %threads : index
    scf.condition(%left) %piece : index
  } do {
  ^bb0(%piece: index):
    %from = memref.load %shares[%piece] : memref<?xindex>
    phi.tile_linear %logits, %w[%offset], %out, %scratch panels %from to %threads tokens %count
      of tensor<1024x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>> by i8
      schedule <streams = 1, prefetch = 32, tokens = 256, panels = 1, chunk = 64, few_prefetch = 48>
      : memref<?xi8>, memref<?xi8>, memref<?x1024xf32>, memref<?xi8>
    %more = func.call @phirt_claim(%claims) : (!llvm.ptr) -> index
    scf.yield %more : index
  }
  return
}

// CHECK: func.func private @phi_prefetch(%[[BUFFER:.*]]: memref<?xi8>, %[[FIRST:.*]]: index, %[[SIZE:.*]]: index) {
// CHECK: %[[THREAD:.*]] = gpu.thread_id x
// CHECK: %[[LINE:.*]] = arith.muli %[[THREAD]], %c128
// CHECK: scf.for %{{.*}} = %[[LINE]] to %[[SIZE]] step %c32768
// CHECK: nvvm.prefetch level = L2, %{{.*}} : !llvm.ptr<1>
