// phi.logits prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

phi.weight @e : tensor<97x8xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
// CHECK-LABEL: func.func @logits
func.func @logits(%x: tensor<?x8xf32>, %rows: index) {
  // CHECK: phi.logits %arg0, @e last %arg1 : tensor<?x8xf32> -> tensor<?x97xf32>
  %0 = phi.logits %x, @e last %rows : tensor<?x8xf32> -> tensor<?x97xf32>
  return
}
