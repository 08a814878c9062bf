// phi.rms_norm prints as it parses, of one weight and of a member of a family.
// RUN: phidias-opt %s | phidias-opt | FileCheck %s -enable-var-scope

phi.weight @o : tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @f : 2 x tensor<1x8xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<2x1x2xi64>
// CHECK-LABEL: func.func @rms_norm
func.func @rms_norm(%x: tensor<?x8xf32>, %i: index) {
  // CHECK: phi.rms_norm %arg0, @o eps 1.000000e-05 : tensor<?x8xf32>
  %0 = phi.rms_norm %x, @o eps 1.0e-5 : tensor<?x8xf32>
  // CHECK: phi.rms_norm %arg0, @f[%arg1] eps 0.000000e+00 : tensor<?x8xf32>
  %1 = phi.rms_norm %x, @f[%i] eps 0.0 : tensor<?x8xf32>
  return
}
