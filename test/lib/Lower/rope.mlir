// RoPE copies the row, then turns channels i and n + i of the first heads; the long factors hold where the flag says so.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @forward(%tokens: tensor<?xi32>, %position: index, %long: i1, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  %y, %c = phi.layers order [0, 0] (%x, %cache) : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x40xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK-DAG: memref.global "private" constant @[[SHORT:rope_frequencies]] : memref<3xf32> = dense<[1.000000e+00, 5.000000e-01, 2.500000e-01]>
    // CHECK-DAG: memref.global "private" constant @[[LONG:rope_frequencies_[0-9]+]] : memref<3xf32> = dense<[1.000000e+00, 2.500000e-01, 1.250000e-01]>
    // CHECK-NOT: memref.global
    // CHECK-LABEL: func.func private @layer
    // CHECK-SAME: %[[POSITION:arg6]]: index
    // CHECK-SAME: %[[USE_LONG:arg9]]: i1
    // CHECK: %[[SCALE:.*]] = arith.constant 1.500000e+00 : f32
    // CHECK: %[[X:.*]] = memref.view %arg1[%{{.*}}][%arg5]
    // CHECK: %[[Y:.*]] = memref.view %arg1[%{{.*}}][%arg5]
    // CHECK: %[[S:.*]] = memref.get_global @rope_frequencies : memref<3xf32>
    // CHECK: %[[L:.*]] = memref.get_global @rope_frequencies_{{[0-9]+}} : memref<3xf32>
    // CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step %c1
    // CHECK:   scf.for
    // CHECK:     vector.store %{{.*}}, %[[Y]][%[[T]], %{{.*}}]
    // CHECK:   %[[AT:.*]] = arith.addi %[[POSITION]], %[[T]] : index
    // CHECK:   %[[INTEGER:.*]] = arith.index_cast %[[AT]] : index to i64
    // CHECK:   %[[P:.*]] = arith.sitofp %[[INTEGER]] : i64 to f32
    // CHECK:   scf.for %[[I:.*]] = %c0 to %c3 step %c1
    // CHECK:     %[[SF:.*]] = memref.load %[[S]][%[[I]]]
    // CHECK:     %[[LF:.*]] = memref.load %[[L]][%[[I]]]
    // CHECK:     %[[F:.*]] = arith.select %[[USE_LONG]], %[[LF]], %[[SF]] : f32
    // CHECK:     %[[ANGLE:.*]] = arith.mulf %[[P]], %[[F]] : f32
    // CHECK:     %[[COS0:.*]] = math.cos %[[ANGLE]]
    // CHECK:     %[[COS:.*]] = arith.mulf %[[COS0]], %[[SCALE]]
    // CHECK:     %[[SIN0:.*]] = math.sin %[[ANGLE]]
    // CHECK:     %[[SIN:.*]] = arith.mulf %[[SIN0]], %[[SCALE]]
    // 4 heads of 8 channels; the fifth passes through.
    // CHECK:     scf.for %[[HEAD:.*]] = %c0 to %c32 step %c8
    // CHECK:       %[[LOW:.*]] = arith.addi %[[HEAD]], %[[I]]
    // CHECK:       %[[HIGH:.*]] = arith.addi %[[LOW]], %c3
    // CHECK:       %[[A:.*]] = memref.load %[[X]][%[[T]], %[[LOW]]]
    // CHECK:       %[[B:.*]] = memref.load %[[X]][%[[T]], %[[HIGH]]]
    // CHECK:       %[[AC:.*]] = arith.mulf %[[A]], %[[COS]]
    // CHECK:       %[[BS:.*]] = arith.mulf %[[B]], %[[SIN]]
    // CHECK:       %[[FIRST:.*]] = arith.subf %[[AC]], %[[BS]]
    // CHECK:       %[[BC:.*]] = arith.mulf %[[B]], %[[COS]]
    // CHECK:       %[[AS:.*]] = arith.mulf %[[A]], %[[SIN]]
    // CHECK:       %[[SECOND:.*]] = arith.addf %[[BC]], %[[AS]]
    // CHECK:       memref.store %[[FIRST]], %[[Y]][%[[T]], %[[LOW]]]
    // CHECK:       memref.store %[[SECOND]], %[[Y]][%[[T]], %[[HIGH]]]
    // CHECK-NEXT: }
    // CHECK-NEXT: }
    // CHECK-NEXT: }
    // CHECK-NEXT: call @phirt_barrier
    %0 = phi.rope %h at %position, %long heads 4 of 8 short dense<[1.0, 0.5, 0.25]> : tensor<3xf32>
      long dense<[1.0, 0.25, 0.125]> : tensor<3xf32> scale 1.5 : tensor<?x40xf32>
    // The same list again makes no second constant.
    %1 = phi.rope %0 at %position, %long heads 4 of 8 short dense<[1.0, 0.5, 0.25]> : tensor<3xf32> scale 1.0 : tensor<?x40xf32>
    phi.yield %1, %c0 : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return
}
