// RMS norm sums squares in lanes, takes the mean and eps in f32, and scales by the weight of this member of the family.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @n : 2 x tensor<1x40xbf16> = [#phi.part<1 x "bf16">] at dense<0> : tensor<2x1x2xi64>

func.func @forward(%tokens: tensor<?xi32>, %position: index, %long: i1, %cache: !phi.cache<2 x 1 x 8 x f32>) {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  %y, %c = phi.layers order [0, 0] (%x, %cache) : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32> {
  ^bb0(%layer: index, %member: index, %h: tensor<?x40xf32>, %c0: !phi.cache<2 x 1 x 8 x f32>):
    // CHECK-LABEL: func.func private @layer
    // CHECK-SAME: %[[MEMBER:arg19]]: index
    // CHECK-DAG: %[[EPS:.*]] = arith.constant 9.99999974E-6 : f32
    // CHECK-DAG: %[[COLUMNS:.*]] = arith.constant 4.000000e+01 : f32
    // CHECK-DAG: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
    // 40 bf16 are 80 bytes, padded to 128: the stride.
    // CHECK: %[[X:.*]] = memref.view %arg1[%{{.*}}][%arg5] : memref<?xi8> to memref<?x40xf32>
    // CHECK: %[[Y:.*]] = memref.view %arg1[%{{.*}}][%arg5] : memref<?xi8> to memref<?x40xf32>
    // CHECK: %[[FROM:.*]] = arith.muli %[[MEMBER]], %c128 : index
    // CHECK: %[[OFFSET:.*]] = arith.addi %[[FROM]], %{{.*}} : index
    // CHECK: %[[W:.*]] = memref.view %arg0[%[[OFFSET]]][] : memref<?xi8> to memref<1x40xbf16>
    // CHECK: scf.for %[[T:.*]] = %{{.*}} to %{{.*}} step %c1
    // CHECK:   %[[LANES:.*]] = scf.for %{{.*}} = %c0 to %c40 step %c8 iter_args
    // CHECK:     vector.fma
    // CHECK:   %[[SQUARES:.*]] = vector.reduction <add>, %[[LANES]]
    // CHECK:   %[[MEAN:.*]] = arith.divf %[[SQUARES]], %[[COLUMNS]] : f32
    // CHECK:   %[[SHIFTED:.*]] = arith.addf %[[MEAN]], %[[EPS]] : f32
    // CHECK:   %[[ROOT:.*]] = math.sqrt %[[SHIFTED]] : f32
    // CHECK:   %[[SCALE:.*]] = arith.divf %[[ONE]], %[[ROOT]] : f32
    // CHECK:   %[[SCALES:.*]] = vector.broadcast %[[SCALE]]
    // CHECK:   scf.for %[[K:.*]] = %c0 to %c40 step %c8
    // CHECK:     %[[RAW:.*]] = vector.load %[[X]][%[[T]], %[[K]]]
    // CHECK:     %[[NORMED:.*]] = arith.mulf %[[RAW]], %[[SCALES]]
    // CHECK:     %[[BF16:.*]] = vector.load %[[W]][%c0, %[[K]]] : memref<1x40xbf16>, vector<8xbf16>
    // CHECK:     %[[WIDE:.*]] = arith.extf %[[BF16]] : vector<8xbf16> to vector<8xf32>
    // CHECK:     %[[VALUE:.*]] = arith.mulf %[[NORMED]], %[[WIDE]]
    // CHECK:     vector.store %[[VALUE]], %[[Y]][%[[T]], %[[K]]]
    // CHECK-NEXT: }
    // CHECK-NEXT: }
    // CHECK-NEXT: call @phirt_barrier
    %0 = phi.rms_norm %h, @n[%member] eps 1.0e-5 : tensor<?x40xf32>
    phi.yield %0, %c0 : tensor<?x40xf32>, !phi.cache<2 x 1 x 8 x f32>
  }
  return
}
