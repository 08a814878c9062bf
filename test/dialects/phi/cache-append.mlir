// phi.cache_append prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @cache_append
func.func @cache_append(%x: tensor<?x32xf32>, %c: !phi.cache<2 x 1 x 8 x f32>, %i: index, %p: index) {
  // CHECK: phi.cache_append %arg0, %arg1[%arg2] at %arg3 : tensor<?x32xf32>, <2 x 1 x 8 x f32>
  %0 = phi.cache_append %x, %c[%i] at %p : tensor<?x32xf32>, !phi.cache<2 x 1 x 8 x f32>
  return
}
