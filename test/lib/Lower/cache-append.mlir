// Keys and values, the last heads of a row, go to [layer][key|value][kvHead][position + t] of the cache.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @forward(%tokens: tensor<?xi32>, %position: index, %long: i1, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  %y, %c = phi.layers order [0, 0] (%x, %cache) : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x40xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK-LABEL: func.func private @layer
    // CHECK-SAME: %[[CACHE:arg2]]: memref<?xf32>
    // CHECK-SAME: %[[POSITION:arg6]]: index, %[[CAPACITY:arg7]]: index
    // CHECK-SAME: %[[LAYER:arg18]]: index
    // CHECK: %[[X:.*]] = memref.view %arg1[%{{.*}}][%arg5]
    // CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step %c1
    // CHECK:   %[[AT:.*]] = arith.addi %[[POSITION]], %[[T]]
    // CHECK:   scf.for %[[HEAD:.*]] = %c0 to %c2 step %c1
    // 40 columns, of which the last 16 are one key head and one value head of 8.
    // CHECK:     %[[COLUMN:.*]] = arith.muli %[[HEAD]], %c8
    // CHECK:     %[[FROM:.*]] = arith.addi %[[COLUMN]], %c24
    // CHECK:     %[[PLANE0:.*]] = arith.muli %[[LAYER]], %c2
    // CHECK:     %[[PLANE:.*]] = arith.addi %[[PLANE0]], %[[HEAD]]
    // CHECK:     %[[ROW0:.*]] = arith.muli %[[PLANE]], %[[CAPACITY]]
    // CHECK:     %[[ROW:.*]] = arith.addi %[[ROW0]], %[[AT]]
    // CHECK:     %[[TO:.*]] = arith.muli %[[ROW]], %c8
    // CHECK:     %[[VALUES:.*]] = vector.load %[[X]][%[[T]], %[[FROM]]] : memref<?x40xf32>, vector<8xf32>
    // CHECK:     vector.store %[[VALUES]], %[[CACHE]][%[[TO]]] : memref<?xf32>, vector<8xf32>
    // CHECK-NEXT: }
    // CHECK-NEXT: }
    // CHECK-NEXT: call @phirt_barrier
    %c1 = phi.cache_append %h, %c0[%layer] at %position : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32>
    phi.yield %h, %c1 : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return
}
