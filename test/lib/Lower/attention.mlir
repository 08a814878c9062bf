// Attention is cut over tokens and heads; one pass over the positions of the window carries the largest score, the sum and the values.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @forward(%tokens: tensor<?xi32>, %position: index, %long: i1, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  %y, %c = phi.layers order [0, 0] (%x, %cache) : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x40xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK-LABEL: func.func private @layer
    // CHECK-SAME: %[[CACHE:arg2]]: memref<?xf32>
    // CHECK-SAME: %[[COUNT:arg5]]: index, %[[POSITION:arg6]]: index, %[[CAPACITY:arg7]]: index
    // CHECK-SAME: %[[LAYER:arg18]]: index
    // CHECK-DAG: %[[SCALE:.*]] = arith.constant 2.500000e-01 : f32
    // CHECK-DAG: %[[LOWEST:.*]] = arith.constant 0xFF800000 : f32
    // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
    // CHECK-DAG: %[[ZEROS:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
    // CHECK: arith.muli %[[COUNT]], %c3 : index
    // CHECK: scf.for %[[WORK:.*]] = %{{.*}} to %{{.*}} step %c1
    // CHECK:   %[[T:.*]] = arith.divui %[[WORK]], %c3
    // CHECK:   %[[HEAD:.*]] = arith.remui %[[WORK]], %c3
    // 3 query heads share the one kv head; the value heads come after the key heads.
    // CHECK:   %[[KEY_HEAD:.*]] = arith.divui %[[HEAD]], %c3
    // CHECK:   %[[VALUE_HEAD:.*]] = arith.addi %[[KEY_HEAD]], %c1
    // CHECK:   %[[COLUMN:.*]] = arith.muli %[[HEAD]], %c8
    // CHECK:   %[[QUERY:.*]] = vector.load %{{.*}}[%[[T]], %[[COLUMN]]] : memref<?x40xf32>, vector<8xf32>
    // CHECK:   %[[LAST:.*]] = arith.addi %[[POSITION]], %[[T]]
    // The window of 5: from last - 4, or from 0, to last.
    // CHECK:   %[[START:.*]] = arith.subi %[[LAST]], %c4
    // CHECK:   %[[FIRST:.*]] = arith.maxsi %[[START]], %c0
    // CHECK:   %[[END:.*]] = arith.addi %[[LAST]], %c1
    // CHECK:   %[[OUT:.*]]:3 = scf.for %[[S:.*]] = %[[FIRST]] to %[[END]] step %c1 iter_args(%[[MAX:.*]] = %[[LOWEST]], %[[SUM:.*]] = %[[ZERO]], %[[ACC:.*]] = %[[ZEROS]])
    // CHECK:     %[[LAYER_K:.*]] = arith.muli %[[LAYER]], %c2
    // CHECK:     %[[PLANE_K:.*]] = arith.addi %[[LAYER_K]], %[[KEY_HEAD]]
    // CHECK:     %[[PLANE_ROW_K:.*]] = arith.muli %[[PLANE_K]], %[[CAPACITY]]
    // CHECK:     %[[ROW_K:.*]] = arith.addi %[[PLANE_ROW_K]], %[[S]]
    // CHECK:     %[[AT_K:.*]] = arith.muli %[[ROW_K]], %c8
    // CHECK:     %[[KEY:.*]] = vector.load %[[CACHE]][%[[AT_K]]]
    // CHECK:     %[[DOT:.*]] = vector.fma %[[QUERY]], %[[KEY]]
    // CHECK:     %[[RAW:.*]] = vector.reduction <add>, %[[DOT]]
    // CHECK:     %[[SCORE:.*]] = arith.mulf %[[RAW]], %[[SCALE]]
    // CHECK:     %[[NEWMAX:.*]] = arith.maximumf %[[MAX]], %[[SCORE]]
    // CHECK:     %[[DROP:.*]] = arith.subf %[[MAX]], %[[NEWMAX]]
    // CHECK:     %[[KEEP:.*]] = math.exp %[[DROP]]
    // CHECK:     %[[ABOVE:.*]] = arith.subf %[[SCORE]], %[[NEWMAX]]
    // CHECK:     %[[WEIGHT:.*]] = math.exp %[[ABOVE]]
    // CHECK:     %[[KEPT:.*]] = arith.mulf %[[SUM]], %[[KEEP]]
    // CHECK:     %[[NEWSUM:.*]] = arith.addf %[[KEPT]], %[[WEIGHT]]
    // CHECK:     %[[KEEPS:.*]] = vector.broadcast %[[KEEP]]
    // CHECK:     %[[WEIGHTS:.*]] = vector.broadcast %[[WEIGHT]]
    // CHECK:     %[[LAYER_V:.*]] = arith.muli %[[LAYER]], %c2
    // CHECK:     %[[PLANE_V:.*]] = arith.addi %[[LAYER_V]], %[[VALUE_HEAD]]
    // CHECK:     %[[PLANE_ROW_V:.*]] = arith.muli %[[PLANE_V]], %[[CAPACITY]]
    // CHECK:     %[[ROW_V:.*]] = arith.addi %[[PLANE_ROW_V]], %[[S]]
    // CHECK:     %[[AT_V:.*]] = arith.muli %[[ROW_V]], %c8
    // CHECK:     %[[VALUE:.*]] = vector.load %[[CACHE]][%[[AT_V]]]
    // CHECK:     %[[OLD:.*]] = arith.mulf %[[ACC]], %[[KEEPS]]
    // CHECK:     %[[NEWACC:.*]] = vector.fma %[[WEIGHTS]], %[[VALUE]], %[[OLD]]
    // CHECK:     scf.yield %[[NEWMAX]], %[[NEWSUM]], %[[NEWACC]]
    // CHECK:   %[[SUMS:.*]] = vector.broadcast %[[OUT]]#1
    // CHECK:   %[[RESULT:.*]] = arith.divf %[[OUT]]#2, %[[SUMS]]
    // CHECK:   vector.store %[[RESULT]], %{{.*}}[%[[T]], %{{.*}}] : memref<?x24xf32>
    // CHECK-NEXT: }
    // CHECK-NEXT: call @phirt_barrier
    %2 = phi.attention %h, %c0[%layer] at %position heads 3 scale 0.25 window 5
      : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32> -> tensor<?x24xf32>
    phi.yield %h, %c0 : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return
}
