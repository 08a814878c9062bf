// A loop over a block's share of rows, of an op that no fusion took: each thread its own rows, and no exponential of a library. Other
// loops stay as they are.
// RUN: phidias-opt %s --phi-cuda-map-tiles --canonicalize --cse | FileCheck %s -enable-var-scope

// CHECK-LABEL: @rows
// CHECK-SAME: (%[[X:.*]]: memref<?x33xf32>, %[[FROM:.*]]: index, %[[TO:.*]]: index)
func.func @rows(%x: memref<?x33xf32>, %from: index, %to: index) {
  // CHECK: %[[THREAD:.*]] = gpu.thread_id x
  // CHECK: %[[FIRST:.*]] = arith.addi %[[FROM]], %[[THREAD]]
  // CHECK: scf.for %[[ROW:.*]] = %[[FIRST]] to %[[TO]] step %c256 {
  // CHECK:   scf.for %{{.*}} = %c0 to %c33 step %c1 {
  // CHECK-NOT: math.exp
  // CHECK:     vector.store {{.*}}[%[[ROW]],
  // CHECK-NOT: phi.share
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c33 = arith.constant 33 : index
  scf.for %row = %from to %to step %c1 {
    scf.for %column = %c0 to %c33 step %c1 {
      %one = vector.load %x[%row, %column] : memref<?x33xf32>, vector<1xf32>
      %power = math.exp %one : vector<1xf32>
      vector.store %power, %x[%row, %column] : memref<?x33xf32>, vector<1xf32>
    }
  } {phi.share}
  return
}
