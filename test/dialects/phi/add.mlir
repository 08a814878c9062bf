// phi.add prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @add
func.func @add(%x: tensor<?x8xf32>) {
  // CHECK: phi.add %arg0, %arg0 : tensor<?x8xf32>
  %0 = phi.add %x, %x : tensor<?x8xf32>
  return
}
