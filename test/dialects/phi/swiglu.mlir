// phi.swiglu prints as it parses.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

// CHECK-LABEL: func.func @swiglu
func.func @swiglu(%x: tensor<?x8xf32>) {
  // CHECK: phi.swiglu %arg0 : tensor<?x8xf32> -> tensor<?x4xf32>
  %0 = phi.swiglu %x : tensor<?x8xf32> -> tensor<?x4xf32>
  return
}
