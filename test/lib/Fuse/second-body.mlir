// Stages of a second body have the names of the first: a profile adds them up, a schedule names both.
// RUN: phidias-opt %s --phi-fuse-residual | FileCheck %s

phi.weight @o : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @o_1 : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
phi.weight @o_x : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>

func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: phi.stage "o" :
  // CHECK: phi.stage "o" :
  // CHECK: phi.stage "o_x" :
  %0 = phi.linear %x, @o : tensor<?x64xf32> -> tensor<?x64xf32>
  %1 = phi.add %x, %0 : tensor<?x64xf32>
  %2 = phi.linear %1, @o_1 : tensor<?x64xf32> -> tensor<?x64xf32>
  %3 = phi.add %1, %2 : tensor<?x64xf32>
  %4 = phi.linear %3, @o_x : tensor<?x64xf32> -> tensor<?x64xf32>
  %5 = phi.add %3, %4 : tensor<?x64xf32>
  return %5 : tensor<?x64xf32>
}
