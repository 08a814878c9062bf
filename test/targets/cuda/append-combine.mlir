// Sines without a library into shared memory, heads rotated in place, keys and values into the cache, with a barrier between any
// two of these; and the parts of a split attention, whose sums by warp meet in shared memory.
// RUN: phidias-opt %s -split-input-file --phi-cuda-map-tiles --canonicalize --cse | FileCheck %s -enable-var-scope

// [cosine|sine][frequency]
// CHECK: module attributes {phi.shared_bytes = 64 : i64}
// CHECK: memref.global "private" constant @[[$LIST:rope_frequencies.*]] : memref<8xf32> = dense<5.000000e-01>
// CHECK-NOT: memref.global
// CHECK-LABEL: func.func @append
func.func @append(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %i: index, %end: index, %long: i1) {
  // CHECK-DAG: memref.get_global @[[$LIST]]
  // What stood in shared memory has been read.
  // CHECK: gpu.barrier
  // CHECK: scf.for %[[TOKEN:.*]] =
  // CHECK:   scf.for %{{.*}} = %thread_id_x to %c8 step %c256
  // The angle is a product in f32, reduced in f64.
  // CHECK:     %[[ANGLE:.*]] = arith.mulf %{{.*}}, %{{.*}} : f32
  // CHECK:     arith.extf %[[ANGLE]] : f32 to f64
  // CHECK:     math.roundeven %{{.*}} : f64
  // CHECK-NOT: math.{{sin|cos}}
  // CHECK-COUNT-2: memref.store {{.*}} : memref<2x8xf32, #gpu.address_space<workgroup>>
  // CHECK:   gpu.barrier
  // CHECK:   scf.for
  // CHECK:     memref.load {{.*}} : memref<2x8xf32, #gpu.address_space<workgroup>>
  // CHECK-COUNT-2: memref.store {{.*}} : memref<?x64xf32>
  // CHECK:   gpu.barrier
  // CHECK:   scf.for
  // CHECK:     memref.store {{.*}} : memref<?x16x16xf16>
  // CHECK:     memref.store {{.*}} : memref<?x16xf16>
  // CHECK-NOT: gpu.barrier
  // CHECK: return
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %end heads 2
    short dense<0.5> : tensor<8xf32> long dense<0.5> : tensor<8xf32> scale 1.0
    : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
  return
}

// -----

// i8: a warp's 32 lanes share a scale, which the first of them stores.
// CHECK-LABEL: func.func @append_i8
func.func @append_i8(%qkv: memref<?x256xf32>, %b: memref<?xi8>, %i: index, %end: index, %long: i1) {
  // CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c8
  // CHECK: %[[CODE:.*]] = arith.trunci {{.*}} : i32 to i8
  // CHECK: arith.xori %[[CODE]], %c-128_i8
  // CHECK-COUNT-2: memref.store {{.*}}xi8>
  // CHECK: %[[FIRST:.*]] = arith.cmpi eq
  // CHECK: scf.if %[[FIRST]] {
  // CHECK-COUNT-2: memref.store {{.*}}xf16>
  phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %end heads 2
    short dense<0.5> : tensor<32xf32> scale 1.0
    : memref<?x256xf32>, memref<?xi8> as !phi.cache<2 x 1 x 64 x i8>, memref<?xi8>
  return
}

// -----

// [warp][channel]
// CHECK: module attributes {phi.shared_bytes = 1280 : i64}
// CHECK-LABEL: func.func @combine
func.func @combine(%partials: memref<?x84xf32>, %result: memref<?x80xf32>, %i: index, %end: index) {
  // Largest and sum are the same in every lane without a barrier.
  // CHECK: scf.for
  // CHECK-COUNT-5: gpu.shuffle xor
  // CHECK-NOT: gpu.barrier
  // CHECK-COUNT-5: gpu.shuffle xor
  // CHECK: gpu.barrier
  // 40 channels: the second of a lane may not be there.
  // CHECK: scf.for {{.*}} -> (f32, f32)
  // CHECK: memref.store {{.*}} : memref<8x40xf32, #gpu.address_space<workgroup>>
  // CHECK: gpu.barrier
  // CHECK-COUNT-8: memref.load {{.*}} : memref<8x40xf32, #gpu.address_space<workgroup>>
  // CHECK: arith.divf
  // CHECK: memref.store {{.*}} : memref<?x80xf32>
  phi.tile_combine %partials, %result splits %i count %i items %i to %end heads 2 : memref<?x84xf32>, memref<?x80xf32>
  return
}
