// An addition reads both rows in lanes and ends at the barrier.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @add
func.func @add(%tokens: tensor<?xi32>) {
  // CHECK: %[[X:.*]] = memref.view %arg1[%c0][%arg5] : memref<?xi8> to memref<?x40xf32>
  // CHECK: call @phirt_barrier
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  // CHECK: %[[Y:.*]] = memref.view %arg1[%c10240][%arg5]
  // CHECK: call @phirt_barrier
  %y = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  // CHECK: %[[SUM:.*]] = memref.view %arg1[%c20480][%arg5]
  // CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step %c1
  // CHECK:   scf.for %[[K:.*]] = %c0 to %c40 step %c8
  // CHECK:     %[[LHS:.*]] = vector.load %[[X]][%[[T]], %[[K]]]
  // CHECK:     %[[RHS:.*]] = vector.load %[[Y]][%[[T]], %[[K]]]
  // CHECK:     %[[VALUE:.*]] = arith.addf %[[LHS]], %[[RHS]] : vector<8xf32>
  // CHECK:     vector.store %[[VALUE]], %[[SUM]][%[[T]], %[[K]]]
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  // CHECK-NEXT: call @phirt_barrier
  %z = phi.add %x, %y : tensor<?x40xf32>
  return
}
