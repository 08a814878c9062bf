// Constraint C1 of phi.stage, and each rule of #phi.schedule and #phi.machine.
// RUN: phidias-opt %s -split-input-file -verify-diagnostics

func.func @no_yield(%x: tensor<?x8xf32>) {
  // expected-error @below {{must end in phi.stage_yield}}
  %0 = phi.stage "s" : tensor<?x8xf32> {
    %1 = phi.add %x, %x : tensor<?x8xf32>
    llvm.unreachable
  }
  return
}

// -----

func.func @types(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{yields ('tensor<?x8xf32>'), its results are ('tensor<?x4xf32>')}}
  %0 = phi.stage "s" : tensor<?x4xf32> {
    phi.stage_yield %x : tensor<?x8xf32>
  }
  return %0 : tensor<?x4xf32>
}

// -----

func.func @count(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{yields ('tensor<?x8xf32>', 'tensor<?x8xf32>'), its results are ('tensor<?x8xf32>')}}
  %0 = phi.stage "s" : tensor<?x8xf32> {
    phi.stage_yield %x, %x : tensor<?x8xf32>, tensor<?x8xf32>
  }
  return %0 : tensor<?x8xf32>
}

// -----

func.func @elsewhere(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{expects parent op 'phi.stage'}}
  phi.stage_yield %x : tensor<?x8xf32>
}

// -----

// expected-error @below {{streams must be 1 to 16 and prefetch 0 to 4096, got 0 and 12}}
module attributes {s = #phi.schedule<streams = 0, prefetch = 12, tokens = 4, panels = 2, chunk = 512>} {}

// -----

// expected-error @below {{streams must be 1 to 16 and prefetch 0 to 4096, got 17 and 12}}
module attributes {s = #phi.schedule<streams = 17, prefetch = 12, tokens = 4, panels = 2, chunk = 512>} {}

// -----

// expected-error @below {{streams must be 1 to 16 and prefetch 0 to 4096, got 4 and 4097}}
module attributes {s = #phi.schedule<streams = 4, prefetch = 4097, tokens = 4, panels = 2, chunk = 512>} {}

// -----

// expected-error @below {{tokens must be 1 to 1024 and panels 1 to 8, got 0 and 2}}
module attributes {s = #phi.schedule<streams = 4, prefetch = 12, tokens = 0, panels = 2, chunk = 512>} {}

// -----

// expected-error @below {{tokens must be 1 to 1024 and panels 1 to 8, got 4 and 9}}
module attributes {s = #phi.schedule<streams = 4, prefetch = 12, tokens = 4, panels = 9, chunk = 512>} {}

// -----

// expected-error @below {{chunk must be a multiple of 64 columns, got 96}}
module attributes {s = #phi.schedule<streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 96>} {}

// -----

// expected-error @below {{chunk must be a multiple of 64 columns, got 0}}
module attributes {s = #phi.schedule<streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 0>} {}

// -----

// expected-error @below {{lanes must be 4, 8 or 16, got 32}}
module attributes {m = #phi.machine<lanes = 32, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {}

// -----

// expected-error @below {{a machine needs 8 registers, 4096 bytes of l1 and as many of l2, got 7, 32768, 1048576}}
module attributes {m = #phi.machine<lanes = 16, registers = 7, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {}

// -----

// expected-error @below {{a machine needs 8 registers, 4096 bytes of l1 and as many of l2, got 32, 2048, 1048576}}
module attributes {m = #phi.machine<lanes = 16, registers = 32, l1 = 2048, l2 = 1048576, dot = true, bf16 = true>} {}

// -----

// expected-error @below {{a machine needs 8 registers, 4096 bytes of l1 and as many of l2, got 32, 32768, 16384}}
module attributes {m = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 16384, dot = true, bf16 = true>} {}

// -----

// expected-error @below {{value_lanes needs 4 lanes, got 8}}
module attributes {m = #phi.machine<lanes = 8, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true, value_lanes = true>} {}

// -----

// expected-error @below {{matrix needs value_lanes}}
module attributes {m = #phi.machine<lanes = 4, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true, matrix = true>} {}
