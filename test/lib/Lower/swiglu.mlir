// The first half of a row is the gate: up * (gate / (1 + exp(-gate))).
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @swiglu
func.func @swiglu(%tokens: tensor<?xi32>) {
  // CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : vector<4xf32>
  // CHECK: %[[X:.*]] = memref.view %arg1[%c0][%arg5] : memref<?xi8> to memref<?x40xf32>
  // CHECK: call @phirt_barrier
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  // CHECK: %[[RESULT:.*]] = memref.view %arg1[%{{.*}}][%arg5] : memref<?xi8> to memref<?x20xf32>
  // CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step %c1
  // CHECK:   scf.for %[[K:.*]] = %c0 to %c20 step %c4
  // CHECK:     %[[GATE:.*]] = vector.load %[[X]][%[[T]], %[[K]]]
  // CHECK:     %[[COLUMN:.*]] = arith.addi %[[K]], %c20
  // CHECK:     %[[UP:.*]] = vector.load %[[X]][%[[T]], %[[COLUMN]]]
  // CHECK:     %[[MINUS:.*]] = arith.negf %[[GATE]]
  // CHECK:     %[[EXP:.*]] = math.exp %[[MINUS]]
  // CHECK:     %[[BELOW:.*]] = arith.addf %[[EXP]], %[[ONE]]
  // CHECK:     %[[SILU:.*]] = arith.divf %[[GATE]], %[[BELOW]]
  // CHECK:     %[[VALUE:.*]] = arith.mulf %[[UP]], %[[SILU]]
  // CHECK:     vector.store %[[VALUE]], %[[RESULT]][%[[T]], %[[K]]]
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  // CHECK-NEXT: call @phirt_barrier
  %y = phi.swiglu %x : tensor<?x40xf32> -> tensor<?x20xf32>
  return
}
