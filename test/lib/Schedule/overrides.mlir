// A file of schedules: comments, tabs, `*`, and the later line over the earlier.
// RUN: phidias-opt %s --phi-schedule=overrides=%S/Inputs/some.schedule | FileCheck %s

module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>} {
  phi.weight @o : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @gate_up : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>

  func.func @f(%x: tensor<?x64xf32>) -> tensor<?x32xf32> {
    // CHECK: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 2, panels = 4, chunk = 64>
    %0 = phi.stage "o" : tensor<?x64xf32> {
      %2 = phi.linear %x, @o : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %2 : tensor<?x64xf32>
    }
    // CHECK: phi.stage "gate_up" schedule <streams = 2, prefetch = 0, tokens = 2, panels = 4, chunk = 128>
    %1 = phi.stage "gate_up" : tensor<?x32xf32> {
      %2 = phi.linear %0, @gate_up : tensor<?x64xf32> -> tensor<?x64xf32>
      %3 = phi.swiglu %2 : tensor<?x64xf32> -> tensor<?x32xf32>
      phi.stage_yield %3 : tensor<?x32xf32>
    }
    return %1 : tensor<?x32xf32>
  }
}
