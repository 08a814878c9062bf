// Logits are made of the last rows alone, in the caller's buffer; a thread has its share of the vocabulary.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @logits
// CHECK-SAME: %[[COUNT:arg5]]: index
// CHECK-SAME: %[[ROWS:arg8]]: index
// CHECK-SAME: %[[THREAD:arg10]]: index, %[[THREADS:arg11]]: index
func.func @logits(%tokens: tensor<?xi32>, %position: index, %rows: index) -> tensor<?x97xf32> {
  // CHECK: call @phirt_barrier
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  // CHECK: %[[RESULT:.*]] = memref.view %arg4[%c0][%[[ROWS]]] : memref<?xi8> to memref<?x97xf32>
  // CHECK: %[[FIRST:.*]] = arith.subi %[[COUNT]], %[[ROWS]] : index
  // CHECK: %[[BEFORE:.*]] = arith.muli %[[THREAD]], %c97
  // CHECK: %[[FROM:.*]] = arith.divui %[[BEFORE]], %[[THREADS]]
  // CHECK: scf.for %[[N:.*]] = %[[FROM]] to %{{.*}} step %c1
  // CHECK:   scf.for %[[R:.*]] = %c0 to %[[ROWS]] step %c1
  // CHECK:     %[[T:.*]] = arith.addi %[[FIRST]], %[[R]] : index
  // CHECK:     scf.for
  // CHECK:       vector.load %{{.*}}[%[[N]], %{{.*}}] : memref<97x40xf32>
  // CHECK:       vector.load %{{.*}}[%[[T]], %{{.*}}] : memref<?x40xf32>
  // CHECK:     memref.store %{{.*}}, %[[RESULT]][%[[R]], %[[N]]]
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  // CHECK-NEXT: call @phirt_barrier
  %y = phi.logits %x, @e last %rows : tensor<?x40xf32> -> tensor<?x97xf32>
  return %y : tensor<?x97xf32>
}
