// An embedding is looked up by each thread for its share of the tokens: the row that the id names, widened from f16.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf16> = [#phi.part<97 x "f16">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @embed
// CHECK-SAME: %[[TOKENS:arg3]]: memref<?xi32>
// CHECK-SAME: %[[COUNT:arg5]]: index
// CHECK-SAME: %[[THREAD:arg10]]: index, %[[THREADS:arg11]]: index, %[[BARRIER:arg12]]: !llvm.ptr
func.func @embed(%tokens: tensor<?xi32>) {
  // The share: [count * thread / threads, count * (thread + 1) / threads).
  // CHECK: %[[TABLE:.*]] = memref.view %arg0[%{{.*}}][] : memref<?xi8> to memref<97x40xf16>
  // CHECK: %[[RESULT:.*]] = memref.view %arg1[%{{.*}}][%[[COUNT]]] : memref<?xi8> to memref<?x40xf32>
  // CHECK: %[[NEXT:.*]] = arith.addi %[[THREAD]], %{{.*}} : index
  // CHECK: %[[BEFORE:.*]] = arith.muli %[[COUNT]], %[[THREAD]] : index
  // CHECK: %[[FROM:.*]] = arith.divui %[[BEFORE]], %[[THREADS]] : index
  // CHECK: %[[AFTER:.*]] = arith.muli %[[COUNT]], %[[NEXT]] : index
  // CHECK: %[[TO:.*]] = arith.divui %[[AFTER]], %[[THREADS]] : index
  // CHECK: scf.for %[[T:.*]] = %[[FROM]] to %[[TO]]
  // CHECK:   %[[ID:.*]] = memref.load %[[TOKENS]][%[[T]]] : memref<?xi32>
  // CHECK:   %[[ROW:.*]] = arith.index_castui %[[ID]] : i32 to index
  // CHECK:   scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %c8
  // CHECK:     %[[RAW:.*]] = vector.load %[[TABLE]][%[[ROW]], %[[K]]] : memref<97x40xf16>, vector<8xf16>
  // CHECK:     %[[WIDE:.*]] = arith.extf %[[RAW]] : vector<8xf16> to vector<8xf32>
  // CHECK:     vector.store %[[WIDE]], %[[RESULT]][%[[T]], %[[K]]]
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  // CHECK-NEXT: call @phirt_barrier(%[[BARRIER]])
  // CHECK-NOT: call
  // CHECK: return
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  return
}
