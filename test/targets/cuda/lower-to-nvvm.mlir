// Ids, barriers, shuffles and shared memory become NVVM's; the team's functions get bodies.
// RUN: phidias-opt %s --phi-cuda-lower-to-nvvm | FileCheck %s -enable-var-scope

// CHECK: llvm.mlir.global external @phi_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>

func.func private @phi_region_end(!llvm.ptr, i32, i1)
func.func private @phirt_claim(!llvm.ptr) -> index
func.func private @phirt_stage(!llvm.ptr, i64)

// Numbers of blocks are known to be small, so that divisions of pieces by them are short.
// CHECK-LABEL: func.func @ids() -> (index, index, index)
func.func @ids() -> (index, index, index) {
  // CHECK: %[[T:.*]] = nvvm.read.ptx.sreg.tid.x : i32
  // CHECK: arith.index_castui %[[T]] : i32 to index
  %thread = gpu.thread_id x
  // CHECK: nvvm.read.ptx.sreg.ctaid.x range <i32, 0, 32768> : i32
  %block = gpu.block_id x
  // CHECK: nvvm.read.ptx.sreg.nctaid.x range <i32, 0, 32769> : i32
  %blocks = gpu.grid_dim x
  return %thread, %block, %blocks : index, index, index
}

// CHECK-LABEL: func.func @lanes(
// CHECK-SAME: %[[X:.*]]: f32, %[[N:.*]]: i32)
func.func @lanes(%x: f32, %n: i32) -> f32 {
  %width = arith.constant 32 : i32
  // CHECK-DAG: %[[ALL:.*]] = arith.constant -1 : i32
  // CHECK-DAG: %[[LAST:.*]] = arith.constant 31 : i32
  // CHECK: nvvm.shfl.sync bfly %[[ALL]], %[[X]], %[[N]], %[[LAST]] : f32 -> f32
  %y, %valid = gpu.shuffle xor %x, %n, %width : f32
  // CHECK: nvvm.barrier0
  gpu.barrier
  return %y : f32
}

// CHECK-LABEL: func.func @ahead(
func.func @ahead(%line: !llvm.ptr<1>) {
  // CHECK: llvm.inline_asm has_side_effects {{.*}}"prefetch.global.L2 [$0];", "l" %{{.*}} : (!llvm.ptr<1>) -> ()
  nvvm.prefetch level = L2, %line : !llvm.ptr<1>
  return
}

// CHECK-LABEL: func.func @shared(
func.func @shared(%at: index) -> f32 {
  %zero = arith.constant 0 : index
  // CHECK: %[[ADDRESS:.*]] = llvm.mlir.addressof @phi_shared : !llvm.ptr<3>
  // CHECK: llvm.insertvalue %[[ADDRESS]], %{{.*}}[1]
  // CHECK: builtin.unrealized_conversion_cast {{.*}} to memref<?xi8, 3>
  %all = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
  // CHECK: memref.view {{.*}} : memref<?xi8, 3> to memref<64xf32, 3>
  %floats = memref.view %all[%zero][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<64xf32, #gpu.address_space<workgroup>>
  // CHECK: memref.load {{.*}} : memref<64xf32, 3>
  %x = memref.load %floats[%at] : memref<64xf32, #gpu.address_space<workgroup>>
  return %x : f32
}

// The launch's last region ends the threads; otherwise all threads of a block arrive.
// CHECK-DAG: llvm.mlir.global internal @phi_arrivals(0 : i32) {addr_space = 1 : i32}
// CHECK-DAG: llvm.mlir.global internal @phi_arrivals_in_chain(0 : i32) {addr_space = 1 : i32}
// CHECK-LABEL: func.func private @phi_region_end(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[LEFT:.*]]: i32, %[[WIDE:.*]]: i1)
// CHECK-DAG: %[[NONE:.*]] = arith.constant 0 : i32
// CHECK-DAG: %[[MEETS:.*]] = arith.cmpi slt, %[[LEFT]], %[[NONE]]
// CHECK-DAG: %[[ENDS:.*]] = arith.cmpi eq, %[[LEFT]], %[[NONE]]
// CHECK: scf.if %[[ENDS]]
// CHECK-NEXT: llvm.inline_asm has_side_effects {{.*}}"exit;"
// CHECK: nvvm.barrier0
// Where blocks meet the first thread adds the block to the module's word, the first block 2^31 less the others, with what was written
// before made known, and waits until the top bit has changed; then all go on.
// CHECK: scf.if %[[MEETS]]
// CHECK: %[[WORD:.*]] = llvm.mlir.addressof @phi_arrivals
// CHECK: %[[LEAD:.*]] = arith.subi %{{.*}}, %{{.*}} : i32
// CHECK: %[[OWN:.*]] = arith.select %{{.*}}, %[[LEAD]], %{{.*}} : i32
// CHECK: llvm.fence syncscope("device") acq_rel
// CHECK: llvm.atomicrmw add %[[WORD]], %[[OWN]] syncscope("device") monotonic
// CHECK: scf.while
// CHECK: llvm.load %[[WORD]] atomic syncscope("device") acquire
// CHECK: arith.cmpi sge
// CHECK: nvvm.barrier0
// In a chain all blocks but the last to arrive end behind a wide region, which goes on with what was written before the others arrived made
// known to it; the count is 0 again.
// CHECK: } else {
// CHECK: scf.if %[[WIDE]]
// CHECK: %[[COUNT:.*]] = llvm.mlir.addressof @phi_arrivals_in_chain
// CHECK: %[[OTHERS:.*]] = arith.subi
// CHECK: llvm.fence syncscope("device") acq_rel
// CHECK: %[[BEFORE:.*]] = llvm.atomicrmw uinc_wrap %[[COUNT]], %[[OTHERS]] syncscope("device") monotonic
// CHECK: llvm.fence syncscope("device") acq_rel
// CHECK: arith.cmpi eq, %[[BEFORE]], %[[OTHERS]]
// CHECK: llvm.inline_asm has_side_effects {{.*}}bar.red.or.pred{{.*}}exit;
// CHECK: return
// A block has one piece, and says nothing of stages.
// CHECK-LABEL: func.func private @phirt_claim(
// CHECK: arith.constant 9223372036854775807 : index
// CHECK-LABEL: func.func private @phirt_stage(
// CHECK-NEXT: return
