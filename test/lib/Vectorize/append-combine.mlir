// The cache append finds the angles once for each token and keeps one global for equal lists; the parts of a split attention
// are put together with the exponential of our own.
// RUN: phidias-opt %s --phi-vectorize --canonicalize --cse | FileCheck %s -enable-var-scope

module {
  // CHECK: memref.global "private" constant @[[$LIST:rope_frequencies.*]] : memref<8xf32> = dense<5.000000e-01>
  // CHECK-NOT: memref.global

  // CHECK-LABEL: func.func @append
  // CHECK-DAG: memref.get_global @[[$LIST]]
  // Tokens of the items, then angles, then heads.
  // CHECK: scf.for %[[TOKEN:.*]] =
  // CHECK:   scf.for %{{.*}} = %c0 to %c8 step %c1
  // CHECK:     math.cos
  // CHECK:     math.sin
  // CHECK:   arith.maxsi
  // CHECK:   arith.minsi
  // CHECK:   scf.for %{{.*}} =
  // CHECK-NOT: math.sin
  // Keys in panels of 16 positions, values by position, both narrowed.
  // CHECK:     arith.truncf %{{.*}} : f32 to f16
  // CHECK:     memref.store %{{.*}} : memref<?x16x16xf16>
  // CHECK:     arith.truncf %{{.*}} : vector<16xf32> to vector<16xf16>
  // CHECK:     vector.store %{{.*}} : memref<?x16xf16>, vector<16xf16>
  // CHECK: return
  func.func @append(%qkv: memref<?x64xf32>, %b: memref<?xi8>, %i: index, %end: index, %long: i1) {
    phi.tile_append %qkv, %b[%i], %b at %i, %long capacity %i items %i to %end heads 2
      short dense<0.5> : tensor<8xf32> long dense<0.5> : tensor<8xf32> scale 1.0
      : memref<?x64xf32>, memref<?xi8> as !phi.cache<2 x 1 x 16 x f16>, memref<?xi8>
    return
  }

  // CHECK-LABEL: func.func @combine
  // CHECK: arith.maxnumf
  // CHECK-NOT: math.exp
  // CHECK: vector.fma
  // CHECK: arith.divf
  // CHECK: vector.store
  func.func @combine(%partials: memref<?x36xf32>, %result: memref<?x32xf32>, %i: index, %end: index) {
    phi.tile_combine %partials, %result splits %i count %i items %i to %end heads 2 : memref<?x36xf32>, memref<?x32xf32>
    return
  }
}
