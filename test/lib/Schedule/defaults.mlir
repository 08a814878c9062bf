// Defaults from the machine: half of a quarter of the registers for a tile's accumulators, half of the first cache for an
// unpacked chunk of two panels (16 bytes a column and panel of i8, 32 of bf16, 64 of f32). A stage without a weight has none.
// RUN: sed s/MACHINE/"lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: sed s/MACHINE/"lanes = 16, registers = 32, l1 = 49152, l2 = 1048576, dot = true, bf16 = false"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,NOBF16
// RUN: sed s/MACHINE/"lanes = 8, registers = 16, l1 = 32768, l2 = 1048576, dot = false, bf16 = false"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,NARROW
// RUN: sed s/MACHINE/"lanes = 4, registers = 16, l1 = 8192, l2 = 8192, dot = false, bf16 = false"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,SMALL
// With value_lanes a tile's registers hold the integer and float sums of half a panel. Products of several instructions leave
// room for one token.
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = false, signed_codes = true, value_lanes = true, matrix = false"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,LANES
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = false, bf16 = false, signed_codes = true, value_lanes = true, matrix = false"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=NODOT
// RUN: sed s/MACHINE/"lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = false, signed_codes = false, value_lanes = true, matrix = true"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=CHECK,MATRIX
// A GPU's blocks: the same for each format.
// RUN: sed s/MACHINE/"lanes = 16, registers = 255, l1 = 101376, l2 = 41943040, dot = true, bf16 = true, threads = 256"/ %s | phidias-opt --phi-schedule | FileCheck %s --check-prefixes=BLOCKS

module attributes {phi.machine = #phi.machine<MACHINE>} {
  phi.weight @o : tensor<64x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
    = [#phi.part<64 x "q4_0">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @int4 : tensor<64x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0,
    codebook = [-127, -99, -78, -61, -47, -33, -21, -9, 2, 13, 24, 36, 50, 65, 82, 105], rotated = true>>
    = [#phi.part<64 x "f16">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @down : tensor<64x64xbf16> = [#phi.part<64 x "bf16">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @last : tensor<64x64xf16> = [#phi.part<64 x "f16">] at dense<0> : tensor<1x1x2xi64>

  // CHECK-LABEL: @f
  func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
    // BLOCKS-COUNT-4: schedule <streams = 1, prefetch = 96, tokens = 256, panels = 1, chunk = 64, few_prefetch = 48>
    // WIDE: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512>
    // NOBF16: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512>
    // NARROW: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 1, panels = 2, chunk = 512>
    // LANES: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 256>
    // NODOT: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 1, panels = 2, chunk = 256>
    // MATRIX: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 6, panels = 2, chunk = 256>
    // SMALL: phi.stage "o" schedule <streams = 4, prefetch = 12, tokens = 1, panels = 2, chunk = 128>
    %0 = phi.stage "o" : tensor<?x64xf32> {
      %3 = phi.linear %x, @o : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %3 : tensor<?x64xf32>
    }
    // WIDE: phi.stage "down" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 256>
    // NOBF16: phi.stage "down" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 128>
    // LANES: phi.stage "down" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 256>
    // NARROW: phi.stage "down" schedule <streams = 4, prefetch = 12, tokens = 1, panels = 2, chunk = 128>
    %1 = phi.stage "down" : tensor<?x64xf32> {
      %3 = phi.linear %0, @down : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %3 : tensor<?x64xf32>
    }
    // WIDE: phi.stage "last" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 128>
    %2 = phi.stage "last" : tensor<?x64xf32> {
      %3 = phi.linear %1, @last : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %3 : tensor<?x64xf32>
    }
    // Sums of int4 wait in memory for the end of a block, of 256 columns at most.
    // WIDE: phi.stage "int4" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 512>
    // LANES: phi.stage "int4" schedule <streams = 4, prefetch = 12, tokens = 4, panels = 2, chunk = 256>
    // NODOT: phi.stage "int4" schedule <streams = 4, prefetch = 12, tokens = 1, panels = 2, chunk = 256>
    // MATRIX: phi.stage "int4" schedule <streams = 4, prefetch = 12, tokens = 10, panels = 2, chunk = 256>
    %5 = phi.stage "int4" : tensor<?x64xf32> {
      %3 = phi.linear %2, @int4 : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %3 : tensor<?x64xf32>
    }
    // CHECK: phi.stage "add" : tensor
    %4 = phi.stage "add" : tensor<?x64xf32> {
      %3 = phi.add %1, %5 : tensor<?x64xf32>
      phi.stage_yield %3 : tensor<?x64xf32>
    }
    return %4 : tensor<?x64xf32>
  }
}
