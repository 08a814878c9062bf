// Each op of a CUDA thread becomes a call; each access to memory that others may see has a check before it, with the size
// of what a GPU moves at once; sites name function, op and location.
// RUN: phidias-opt --phi-cuda-lower-to-sim %s | FileCheck %s
// RUN: not phidias-opt --phi-cuda-lower-to-sim --split-input-file %S/Inputs/no-twin.mlir 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: 'nvvm.vote.sync' op has no twin in the simulator
// NONE: error: 'nvvm.mma.sync' op has no twin in the simulator

// CHECK: phisim.sites = "accesses\09memref.store memref<?xf32, #gpu.address_space<workgroup>>\09{{.*}}lower-to-sim.mlir:[[@LINE+13]]:3\0Aaccesses\09

// CHECK-LABEL: @accesses
// CHECK-SAME: memref<64xf32>
func.func @accesses(%rows: memref<64xf32>, %i: index) {
  // CHECK: %[[SHARED:.*]] = call @phisim_shared() : () -> !llvm.ptr
  // CHECK-NOT: workgroup
  %bytes = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
  %zero = arith.constant 0 : index
  %shared = memref.view %bytes[%zero][%i] : memref<?xi8, #gpu.address_space<workgroup>> to memref<?xf32, #gpu.address_space<workgroup>>
  %x = arith.constant 1.0 : f32
  // CHECK: call @phisim_access(%{{.*}}, %c4_i32{{.*}}, %c4_i32{{.*}}, %c1_i32{{.*}}, %c0_i32{{.*}})
  // CHECK-NEXT: memref.store
  memref.store %x, %shared[%i] : memref<?xf32, #gpu.address_space<workgroup>>
  // Four elements that are aligned as one each: four pieces of 4 bytes.
  // CHECK: %[[BYTES:.*]] = arith.constant 16 : i32
  // CHECK-NEXT: %[[ALIGN:.*]] = arith.constant 4 : i32
  // CHECK: call @phisim_access(%{{.*}}, %[[BYTES]], %[[ALIGN]], %c0_i32{{.*}}, %c1_i32{{.*}})
  // CHECK-NEXT: vector.load
  %four = vector.load %rows[%i] : memref<64xf32>, vector<4xf32>
  // One that is a vector: one piece of 16.
  %wide = memref.view %bytes[%zero][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<1xvector<4xf32>, #gpu.address_space<workgroup>>
  // CHECK: %[[BYTES:.*]] = arith.constant 16 : i32
  // CHECK-NEXT: %[[ALIGN:.*]] = arith.constant 16 : i32
  // CHECK: call @phisim_access(%{{.*}}, %[[BYTES]], %[[ALIGN]], %c1_i32{{.*}}, %c2_i32{{.*}})
  memref.store %four, %wide[%zero] : memref<1xvector<4xf32>, #gpu.address_space<workgroup>>
  // A thread's own memory needs none.
  // CHECK-NOT: phisim_access
  // CHECK: return
  %own = memref.alloca() : memref<4xf32>
  memref.store %x, %own[%zero] : memref<4xf32>
  return
}

// CHECK-LABEL: @threads
func.func @threads(%value: f32, %grid: !llvm.ptr) -> (index, f32, i1) {
  // CHECK: call @phisim_others
  // CHECK: call @phisim_thread_id(%c0_i32{{.*}}) : (i32) -> i64
  %thread = gpu.thread_id x
  %one = arith.constant 1 : i32
  %all = arith.constant 32 : i32
  %sum = arith.addi %one, %all : i32
  // CHECK: call @phisim_barrier
  gpu.barrier
  // CHECK: %[[BITS:.*]] = llvm.bitcast %arg0 : f32 to i32
  // CHECK: %[[BOTH:.*]] = call @phisim_shuffle(%[[BITS]], %{{.*}}, %{{.*}}, %c0_i32{{.*}}, %{{.*}})
  // CHECK: arith.trunci %[[BOTH]] : i64 to i32
  %other, %valid = gpu.shuffle xor %value, %one, %all : f32
  // CHECK: call @phisim_grid_barrier(%arg1
  func.call @phirt_barrier(%grid) : (!llvm.ptr) -> ()
  %wide = arith.constant true
  // CHECK: call @phisim_region_end(%arg1, %c1_i32{{[_0-9]*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, i32, i32, i32) -> ()
  func.call @phi_region_end(%grid, %one, %wide) : (!llvm.ptr, i32, i1) -> ()
  return %thread, %other, %valid : index, f32, i1
}

// CHECK-LABEL: @matrices
func.func @matrices(%p: !llvm.ptr<3>, %q: !llvm.ptr<1>, %c: f32, %b: vector<4xi8>) -> i32 {
  // Registers go through one frame, at the function's start.
  // CHECK: llvm.alloca
  // CHECK-NOT: llvm.alloca
  // CHECK: call @phisim_cp_async({{.*}}) : (!llvm.ptr, !llvm.ptr, i32, i32, i32) -> ()
  nvvm.cp.async.shared.global %p, %q, 16, cache = cg : !llvm.ptr<3>, !llvm.ptr<1>
  // CHECK: call @phisim_cp_async_commit()
  nvvm.cp.async.commit.group
  // CHECK: call @phisim_cp_async_wait(%c1_i32
  nvvm.cp.async.wait.group 1
  // CHECK: call @phisim_prefetch({{.*}}) : (!llvm.ptr, i32) -> ()
  nvvm.prefetch level = L2, %q : !llvm.ptr<1>
  // CHECK: call @phisim_ldmatrix(%arg0, %c4_i32{{.*}}, %c1_i32
  %a = nvvm.ldmatrix %p {num = 4 : i32, layout = #nvvm.mma_layout<col>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>} : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32, i32, i32)>
  %a0 = llvm.extractvalue %a[0] : !llvm.struct<(i32, i32, i32, i32)>
  // CHECK: call @phisim_mma(%c1_i32
  %d = nvvm.mma.sync A[%a0, %a0, %a0, %a0] B[%a0, %a0] C[%c, %c, %c, %c]
    {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, shape = #nvvm.shape<m = 16, n = 8, k = 16>,
     multiplicandAPtxType = #nvvm.mma_type<bf16>, multiplicandBPtxType = #nvvm.mma_type<bf16>}
    : (i32, i32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
  // CHECK: call @phisim_dp4a(%{{.*}}, %{{.*}}, %{{.*}}, %c0_i32{{.*}}, %c1_i32
  %sum = nvvm.dot.accumulate.4way %b <unsigned>, %b <signed>, %a0 : vector<4xi8>, vector<4xi8>
  // CHECK: call @phisim_prmt(%{{.*}}, %{{.*}}, %{{.*}}, %c0_i32
  %bytes = nvvm.prmt <default> %sum, %a0, %a0 : i32
  // CHECK: call @phisim_prmt(%{{.*}}, %c0_i32{{[_0-9]*}}, %{{.*}}, %c3_i32
  %same = nvvm.prmt <rc8> %sum, %bytes : i32
  return %same : i32
}

func.func private @phirt_barrier(!llvm.ptr)
func.func private @phi_region_end(!llvm.ptr, i32, i1)
