// What cannot be tiled is named; it never comes out as something else.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics --phi-tile

// expected-error @below {{has no phi.machine}}
module attributes {phi.arena_bytes = 0 : i64} {
}

// -----

module attributes {phi.arena_bytes = 0 : i64, phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @e : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
    packed <offset = 0, stride = 28672, panels = true>
  func.func @bare(%tokens: tensor<?xi32>) -> tensor<?x64xf32> {
    // expected-error @below {{is in no stage: run phi-outline-stages first}}
    %0 = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x64xf32>
    return %0 : tensor<?x64xf32>
  }
}

// -----

module attributes {phi.arena_bytes = 0 : i64, phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @e : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
    packed <offset = 0, stride = 28672, panels = true>
  phi.weight @w : tensor<16x64xf32> = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64> packed <offset = 0, stride = 4096>
  func.func @rows(%tokens: tensor<?xi32>) -> tensor<?x16xf32> {
    %x = phi.stage "embed" {arena_offset = 0 : i64} : tensor<?x64xf32> {
      %1 = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x64xf32>
      phi.stage_yield %1 : tensor<?x64xf32>
    }
    // expected-error @below {{weight @w does not lie in panels}}
    %0 = phi.stage "w" : tensor<?x16xf32> {
      %1 = phi.linear %x, @w : tensor<?x64xf32> -> tensor<?x16xf32>
      phi.stage_yield %1 : tensor<?x16xf32>
    }
    return %0 : tensor<?x16xf32>
  }
}

// -----

module attributes {phi.arena_bytes = 0 : i64, phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @e : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
    packed <offset = 0, stride = 28672, panels = true>
  phi.weight @w : tensor<16x64xf32> = [#phi.part<16 x "f32">] at dense<0> : tensor<1x1x2xi64>
    packed <offset = 0, stride = 4096, panels = true>
  func.func @unscheduled(%tokens: tensor<?xi32>) -> tensor<?x16xf32> {
    %x = phi.stage "embed" {arena_offset = 0 : i64} : tensor<?x64xf32> {
      %1 = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x64xf32>
      phi.stage_yield %1 : tensor<?x64xf32>
    }
    // expected-error @below {{has no schedule: run phi-schedule first}}
    %0 = phi.stage "w" : tensor<?x16xf32> {
      %1 = phi.linear %x, @w : tensor<?x64xf32> -> tensor<?x16xf32>
      phi.stage_yield %1 : tensor<?x16xf32>
    }
    return %0 : tensor<?x16xf32>
  }
}

// -----

// Rope alone has no tile op.
module attributes {phi.arena_bytes = 0 : i64, phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @e : tensor<97x64xf32> = [#phi.part<97 x "f32">] at dense<0> : tensor<1x1x2xi64>
    packed <offset = 0, stride = 28672, panels = true>
  func.func @rope(%tokens: tensor<?xi32>, %i: index, %long: i1) -> tensor<?x64xf32> {
    %x = phi.stage "embed" {arena_offset = 0 : i64} : tensor<?x64xf32> {
      %1 = phi.embed %tokens, @e : tensor<?xi32> -> tensor<?x64xf32>
      phi.stage_yield %1 : tensor<?x64xf32>
    }
    // expected-error @below {{cannot be tiled: phi.rope needs what it is fused with}}
    %0 = phi.stage "rope" : tensor<?x64xf32> {
      %1 = phi.rope %x at %i, %long heads 3 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x64xf32>
      phi.stage_yield %1 : tensor<?x64xf32>
    }
    return %0 : tensor<?x64xf32>
  }
}
