// A linear layer is loops over the thread's rows of the weight and all tokens; sums run in lanes, bf16 weights are widened, and
// the team meets at the barrier.
// RUN: phidias-opt %s --phi-assign-layout --phi-plan-arena --phi-lower-to-loops --canonicalize | FileCheck %s -enable-var-scope

phi.weight @w : tensor<6x40xbf16> = [#phi.part<6 x "bf16">] at dense<0> : tensor<1x1x2xi64>
phi.weight @e : tensor<97x40xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>

// CHECK-LABEL: func.func @linear
// CHECK-SAME: %[[COUNT:arg5]]: index
func.func @linear(%tokens: tensor<?xi32>) -> tensor<?x6xf32> {
  %x = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x40xf32>
  // CHECK: call @phirt_barrier
  // CHECK: %[[W:.*]] = memref.view %arg0[%{{.*}}][] : memref<?xi8> to memref<6x40xbf16>
  // CHECK: scf.for %[[N:.*]] = %{{.*}} to %{{.*}}
  // CHECK:   scf.for %[[T:.*]] = %{{.*}} to %[[COUNT]]
  // CHECK:     scf.for %[[K:.*]] = %{{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (vector<8xf32>)
  // CHECK:       %[[RAW:.*]] = vector.load %[[W]][%[[N]], %[[K]]] : memref<6x40xbf16>, vector<8xbf16>
  // CHECK:       %[[WIDE:.*]] = arith.extf %[[RAW]] : vector<8xbf16> to vector<8xf32>
  // CHECK:       %[[INPUT:.*]] = vector.load %{{.*}}[%[[T]], %[[K]]] : memref<?x40xf32>, vector<8xf32>
  // CHECK:       vector.fma %[[WIDE]], %[[INPUT]], %[[SUM]] : vector<8xf32>
  // CHECK:     vector.reduction <add>, %{{.*}} fastmath<reassoc> : vector<8xf32> into f32
  // CHECK:     memref.store %{{.*}}, %{{.*}}[%[[T]], %[[N]]]
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  // CHECK-NEXT: call @phirt_barrier
  %y = phi.linear %x, @w : tensor<?x40xf32> -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}
