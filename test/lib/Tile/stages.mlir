// Each kind of stage as parallel regions of tile ops, and what the module says of them.
// RUN: phidias-opt %s --phi-assign-layout=panels=true --phi-schedule --phi-plan-arena=max-tokens=20 --phi-tile | FileCheck %s -enable-var-scope
// RUN: phidias-opt %s --phi-assign-layout=panels=true --phi-schedule --phi-plan-arena=max-tokens=20 --phi-tile --phi-distribute | FileCheck %s --check-prefix=SPMD
// A machine that wants wide rows is told of the pass's tokens, and its records have room for 128 f16 and a factor: 20480 + 24 * 320.
// RUN: sed 's/bf16 = true>} {/bf16 = true, wide_rows = true>} {/' %s | phidias-opt --phi-assign-layout=panels=true --phi-schedule --phi-plan-arena=max-tokens=20 --phi-tile | FileCheck %s --check-prefix=WIDE
// WIDE: module attributes {phi.arena_bytes = 28160 : i64
// Blocks of 13 tokens read 26 records of a pass of 20: 20480 + 26 * 192.
// RUN: printf '* tokens = 13\ngate_up tokens = 5, panels = 4\n' > %t.schedule && phidias-opt %s --phi-assign-layout=panels=true --phi-schedule=overrides=%t.schedule --phi-plan-arena=max-tokens=20 --phi-tile | FileCheck %s --check-prefix=BLOCKS
// BLOCKS: module attributes {phi.arena_bytes = 25472 : i64

// The planned arena holds x (20 x 64 f32: 5120 bytes), where the layers work too, and of a layer qkv (10240) beside attention
// (5120), which is more than sum (5120) beside gate (7680 bytes) after it: 20480. After it, 64-byte aligned, the activations of 24 tokens, the next
// multiple of 8; the longest record is that of down, 96 columns padded to 128: 128 codes, 4 scales, 4 sums = 160, padded to 192.
// 20480 + 24 * 192 = 25088.
// CHECK: module attributes {phi.arena_bytes = 25088 : i64
// Bytes of the weights: a member of qkv is 8 panels of a step of 9 lines, its norm a row of 256 bytes; two layers.
// CHECK-SAME: phi.max_tokens = 20
// Scratch of the widest: attention in blocks of 32 tokens.
// CHECK-SAME: phi.scratch_bytes = {{[0-9]+}} : i64
// CHECK-SAME: phi.stages = [
// CHECK-SAME: {bytes = 0 : i64, calls = 1 : i64, macs = 0 : i64, name = "embed", rows = 0 : i64},
// CHECK-SAME: {bytes = 9728 : i64, calls = 2 : i64, macs = 16384 : i64, name = "qkv", rows = 0 : i64},
// CHECK-SAME: {bytes = 0 : i64, calls = 2 : i64, macs = 0 : i64, name = "attention", rows = 0 : i64},
// CHECK-SAME: {bytes = 4608 : i64, calls = 2 : i64, macs = 8192 : i64, name = "o", rows = 0 : i64},
// CHECK-SAME: {bytes = 14336 : i64, calls = 2 : i64, macs = 24576 : i64, name = "gate_up", rows = 0 : i64},
// CHECK-SAME: {bytes = 9216 : i64, calls = 2 : i64, macs = 12288 : i64, name = "down", rows = 0 : i64},
// The head reads 7 panels of bf16 (32 lines a step) and a norm, for the rows that are wanted.
// CHECK-SAME: {bytes = 14592 : i64, calls = 1 : i64, macs = 6208 : i64, name = "head", rows = 1 : i64}]
module attributes {phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = true>} {
  phi.weight @embed : tensor<97x64xbf16> = [#phi.part<97 x "bf16">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @norm : 2 x tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<2x1x2xi64>
  phi.weight @qkv : 2 x tensor<128x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
    = [#phi.part<128 x "q4_0">] at dense<0> : tensor<2x1x2xi64>
  phi.weight @o : 2 x tensor<64x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
    = [#phi.part<64 x "q4_0">] at dense<0> : tensor<2x1x2xi64>
  phi.weight @gate_up : 2 x tensor<192x64x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
    = [#phi.part<192 x "q4_0">] at dense<0> : tensor<2x1x2xi64>
  phi.weight @down : 2 x tensor<64x96x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>
    = [#phi.part<64 x "q4_0">] at dense<0> : tensor<2x1x2xi64>
  phi.weight @last_norm : tensor<1x64xf32> = [#phi.part<1 x "f32">] at dense<0> : tensor<1x1x2xi64>

  // CHECK: func.func @forward(%[[WEIGHTS:arg0]]: memref<?xi8>, %[[ARENA:arg1]]: memref<?xi8>, %[[CACHE:arg2]]: memref<?xi8>, %[[TOKENS:arg3]]: memref<?xi32>, %[[LOGITS:arg4]]: memref<?xi8>, %[[COUNT:arg5]]: index, %[[POSITION:arg6]]: index, %[[CAPACITY:arg7]]: index, %[[ROWS:arg8]]: index, %[[LONG:arg9]]: i1, %[[THREAD:arg10]]: index, %[[THREADS:arg11]]: index, %{{.*}}, %[[PIECES:arg15]]: index, %[[CLAIMS:arg16]]: !llvm.ptr, %{{.*}}: memref<?xi8>)
  // SPMD: func.func @forward(%{{.*}} %[[COUNT:arg5]]: index, {{.*}} %[[THREAD:arg10]]: index, {{.*}} %[[BARRIER:arg12]]: !llvm.ptr, {{.*}} %[[PIECES:arg15]]: index, %[[CLAIMS:arg16]]: !llvm.ptr, %{{.*}}: memref<?xi8>)
  func.func @forward(%tokens: tensor<?xi32>, %at: index, %long: i1, %rows: index, %cache: !phi.cache<2 x 2 x 16 x f16>)
      -> (tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>) {
    // A piece of the tokens: count * piece / n to count * (piece + 1) / n; n is at most count, so that none is empty.
    // CHECK: %[[N:.*]] = arith.minui %[[COUNT]], %[[PIECES]]
    // CHECK: scf.forall (%[[P:.*]]) in (%[[N]])
    // CHECK: %[[NEXT:.*]] = arith.addi %[[P]], %
    // CHECK: %[[PART:.*]] = arith.muli %[[COUNT]], %[[P]]
    // CHECK: %[[FROM:.*]] = arith.divui %[[PART]], %[[N]]
    // CHECK: %[[PART1:.*]] = arith.muli %[[COUNT]], %[[NEXT]]
    // CHECK: %[[TO:.*]] = arith.divui %[[PART1]], %[[N]]
    // CHECK: phi.tile_embed %[[TOKENS]], %[[WEIGHTS]][%{{.*}}], %{{.*}} tokens %[[FROM]] to %[[TO]] of tensor<97x64xbf16>
    // After a stage thread 0 tells the profile, where there is one.
    // CHECK: arith.cmpi ne
    // CHECK: scf.if
    // CHECK: %[[NUMBER:.*]] = arith.constant 0 : i64
    // CHECK-NEXT: func.call @phirt_stage(%{{.*}}, %[[NUMBER]])
    // From the piece of its own number on a thread goes on with what it claims, as long as there are pieces.
    // SPMD: %[[N:.*]] = arith.minui %[[COUNT]], %[[PIECES]]
    // SPMD: scf.while (%[[AT:.*]] = %[[THREAD]]) : (index) -> index {
    // SPMD-NEXT: %[[LEFT:.*]] = arith.cmpi ult, %[[AT]], %[[N]] : index
    // SPMD-NEXT: scf.condition(%[[LEFT]]) %[[AT]] : index
    // SPMD-NEXT: } do {
    // SPMD-NEXT: ^bb0(%[[PIECE:.*]]: index):
    // SPMD: arith.muli %[[COUNT]], %[[PIECE]]
    // SPMD: phi.tile_embed
    // SPMD-NEXT: %[[CLAIM:.*]] = func.call @phirt_claim(%[[CLAIMS]]) : (!llvm.ptr) -> index
    // SPMD-NEXT: scf.yield %[[CLAIM]] : index
    // SPMD-NEXT: }
    // SPMD-NEXT: call @phirt_barrier(%[[BARRIER]])
    // SPMD-NOT: phirt_claim
    // SPMD: call @phirt_stage
    %x = phi.stage "embed" : tensor<?x64xf32> {
      %0 = phi.embed %tokens, @embed : tensor<?xi32> -> tensor<?x64xf32>
      phi.stage_yield %0 : tensor<?x64xf32>
    }
    %y, %c1 = phi.layers order [0, 0] (%x, %cache) : tensor<?x64xf32>, !phi.cache<2 x 2 x 16 x f16> {
    ^bb0(%layer: index, %member: index, %h: tensor<?x64xf32>, %c: !phi.cache<2 x 2 x 16 x f16>):
      %1:2 = phi.stage "qkv" : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16> {
        %7 = phi.rms_norm %h, @norm[%member] eps 1.0e-5 : tensor<?x64xf32>
        %8 = phi.linear %7, @qkv[%member] : tensor<?x64xf32> -> tensor<?x128xf32>
        %9 = phi.rope %8 at %at, %long heads 6 of 16 short dense<1.0> : tensor<8xf32> scale 1.0 : tensor<?x128xf32>
        %10 = phi.cache_append %9, %c[%layer] at %at : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16>
        phi.stage_yield %9, %10 : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16>
      }
      %2 = phi.stage "attention" : tensor<?x64xf32> {
        %7 = phi.attention %1#0, %1#1[%layer] at %at heads 4 scale 0.25 window 9
          : tensor<?x128xf32>, !phi.cache<2 x 2 x 16 x f16> -> tensor<?x64xf32>
        phi.stage_yield %7 : tensor<?x64xf32>
      }
      %3 = phi.stage "o" : tensor<?x64xf32> {
        %7 = phi.linear %2, @o[%member] : tensor<?x64xf32> -> tensor<?x64xf32>
        %8 = phi.add %h, %7 : tensor<?x64xf32>
        phi.stage_yield %8 : tensor<?x64xf32>
      }
      %4 = phi.stage "gate_up" : tensor<?x96xf32> {
        %7 = phi.rms_norm %3, @norm[%member] eps 1.0e-5 : tensor<?x64xf32>
        %8 = phi.linear %7, @gate_up[%member] : tensor<?x64xf32> -> tensor<?x192xf32>
        %9 = phi.swiglu %8 : tensor<?x192xf32> -> tensor<?x96xf32>
        phi.stage_yield %9 : tensor<?x96xf32>
      }
      %5 = phi.stage "down" : tensor<?x64xf32> {
        %7 = phi.linear %4, @down[%member] : tensor<?x96xf32> -> tensor<?x64xf32>
        %8 = phi.add %7, %3 : tensor<?x64xf32>
        phi.stage_yield %8 : tensor<?x64xf32>
      }
      phi.yield %5, %1#1 : tensor<?x64xf32>, !phi.cache<2 x 2 x 16 x f16>
    }
    // The head works on the last rows alone: rows of the input from count - rows on.
    // CHECK: %[[FIRST:.*]] = arith.subi %[[COUNT]], %[[ROWS]]
    // CHECK: arith.muli %[[ROWS]], %
    // CHECK: phi.tile_prepare %{{.*}}[%[[FIRST]]], %[[ACTS:.*]] norm %[[WEIGHTS]][%{{.*}}] eps {{.*}} for tensor<97x64xbf16> by bf16
    // CHECK: %[[PANELS:.*]] = arith.constant 7 : index
    // CHECK: phi.tile_linear %[[ACTS]], %[[WEIGHTS]][%{{.*}}], %[[OUT:.*]], %{{.*}} panels %{{.*}} to %{{.*}} tokens %[[ROWS]] of tensor<97x64xbf16> by bf16 schedule <streams = 4,
    %z = phi.stage "head" : tensor<?x97xf32> {
      %0 = phi.rms_norm %y, @last_norm eps 1.0e-5 : tensor<?x64xf32>
      %1 = phi.logits %0, @embed last %rows : tensor<?x64xf32> -> tensor<?x97xf32>
      phi.stage_yield %1 : tensor<?x97xf32>
    }
    return %z, %c1 : tensor<?x97xf32>, !phi.cache<2 x 2 x 16 x f16>
  }
  // CHECK: func.func private @layer(%{{.*}} %[[LAYER:arg18]]: index, %[[MEMBER:arg19]]: index)
  // qkv: prepare once a token, multiply once a panel, then rotate and append by token and kv head.
  // CHECK: scf.forall
  // CHECK: phi.tile_prepare %[[X:.*]][%{{.*}}], %[[A1:.*]] norm %arg0[%{{.*}}] eps
  // Units of a tile of a long pass, 2 panels; where pieces are claimed, of 4, the streams of a short one. Of those a piece has
  // 256 KB at least: none of these 8 panels is so long. But there is a piece for each thread.
  // CHECK: %[[EIGHT:.*]] = arith.constant 8 : index
  // CHECK: %[[SHORT:.*]] = arith.cmpi ule, %arg5, %
  // CHECK: %[[NONE:.*]] = arith.constant 0 : index
  // CHECK: %[[ALL:.*]] = arith.constant 8 : index
  // CHECK: %[[LONG:.*]] = arith.select %[[SHORT]], %[[NONE]], %[[ALL]]
  // CHECK: %[[FEWER:.*]] = arith.minui %arg15, %[[LONG]]
  // CHECK: %[[EACH:.*]] = arith.maxui %arg11, %[[FEWER]]
  // CHECK: %[[TILE:.*]] = arith.constant 2 : index
  // CHECK: %[[STREAMS:.*]] = arith.constant 4 : index
  // CHECK: %[[CLAIM:.*]] = arith.cmpi ugt, %arg15, %arg11
  // CHECK: %[[UNIT:.*]] = arith.select %[[CLAIM]], %[[STREAMS]], %[[TILE]]
  // CHECK: %[[UNITS:.*]] = arith.ceildivui %[[EIGHT]], %[[UNIT]]
  // CHECK: %[[N:.*]] = arith.minui %[[UNITS]], %[[EACH]]
  // CHECK: scf.forall (%{{.*}}) in (%[[N]])
  // CHECK: phi.tile_linear %[[A1]], %arg0[%{{.*}}], %[[QKV:.*]], %arg13 panels %{{.*}} to %{{.*}} tokens %arg5 of tensor<128x64x!phi.quantized<bits = 4,
  // Whole tokens for the sines, but a piece for each thread: max(threads, min(pieces, count)).
  // CHECK: %[[ITEMS:.*]] = arith.muli %arg5, %
  // CHECK: %[[FEW:.*]] = arith.minui %arg15, %arg5
  // CHECK: %[[SOME:.*]] = arith.maxui %arg11, %[[FEW]]
  // CHECK: %[[MOST:.*]] = arith.minui %[[ITEMS]], %[[SOME]]
  // CHECK: scf.forall (%{{.*}}) in (%[[MOST]])
  // CHECK: phi.tile_append %[[QKV]], %arg2[%[[LAYER]]], %arg13 at %arg6, %arg9 capacity %arg7 items %{{.*}} heads 4 short
  // attention: one token apart from several; 2 query heads a kv head make 32 tokens a block.
  // CHECK: scf.if
  // CHECK: scf.forall
  // CHECK: phi.tile_attention %[[QKV]], %arg2[%[[LAYER]]], %[[ATT:.*]], %arg13 at %arg6 count %arg5 capacity %arg7 items %{{.*}} heads 4 tokens 1 scale 2.500000e-01 window 9
  // CHECK: } else {
  // CHECK: scf.forall
  // CHECK: phi.tile_attention {{.*}} tokens 32 scale 2.500000e-01 window 9
  // CHECK: scf.forall
  // CHECK: phi.tile_prepare %[[ATT]][%{{.*}}], %[[A2:.*]] norm %arg0 tokens
  // CHECK: scf.forall
  // CHECK: phi.tile_linear %[[A2]], {{.*}}, %[[SUM:.*]], %arg13 residual %[[X]] : memref<?x64xf32> panels
  // CHECK: phi.tile_prepare %[[SUM]][
  // The gate's panels, 6 of 12: gate and up lie on the same thread.
  // CHECK: %[[SIX:.*]] = arith.constant 6 : index
  // CHECK: arith.ceildivui %[[SIX]], %
  // CHECK: phi.tile_linear {{.*}} of tensor<192x64x{{.*}}> by i8 gated schedule
  // Pieces are cut between the tiles of a long pass, of 4 panels: 2 of the gate's and 2 of up's, ceil(6 / 2) units.
  // BLOCKS: phi.tile_prepare {{.*}} for tensor<192x64x
  // BLOCKS: %[[SIX:.*]] = arith.constant 6 : index
  // BLOCKS: %[[TWO:.*]] = arith.constant 2 : index
  // BLOCKS: %[[UNITS:.*]] = arith.ceildivui %[[SIX]], %[[TWO]]
  // BLOCKS: %[[N:.*]] = arith.minui %[[UNITS]], %
  // BLOCKS: scf.forall (%[[P:.*]]) in (%[[N]])
  // BLOCKS: %[[PART:.*]] = arith.muli %[[UNITS]], %[[P]]
  // BLOCKS: %[[UNIT:.*]] = arith.divui %[[PART]], %[[N]]
  // BLOCKS: %[[PANEL:.*]] = arith.muli %[[UNIT]], %[[TWO]]
  // BLOCKS: %[[FROM:.*]] = arith.minui %[[PANEL]], %[[SIX]]
  // BLOCKS: phi.tile_linear {{.*}} panels %[[FROM]] to %{{.*}} by i8 gated schedule
  // CHECK: phi.tile_linear {{.*}} residual %[[SUM]] : memref<?x64xf32> panels {{.*}} of tensor<64x96x
  // CHECK: return
  // Distributed: no forall is left, and a barrier follows each region.
  // SPMD-NOT: scf.forall
  // SPMD: func.func private @layer
  // SPMD: scf.while (%{{.*}} = %arg10)
  // SPMD: phi.tile_prepare
  // SPMD-NEXT: %{{.*}} = func.call @phirt_claim(%arg16)
  // SPMD: call @phirt_barrier(%arg12)
  // SPMD: scf.while (%{{.*}} = %arg10)
  // SPMD: phi.tile_linear
  // SPMD-NEXT: %{{.*}} = func.call @phirt_claim(%arg16)
  // SPMD: call @phirt_barrier(%arg12)
  // SPMD: scf.while (%{{.*}} = %arg10)
  // SPMD: phi.tile_append
  // SPMD-NEXT: %{{.*}} = func.call @phirt_claim(%arg16)
  // SPMD: call @phirt_barrier(%arg12)
  // SPMD: scf.while (%{{.*}} = %arg10)
  // SPMD: phi.tile_attention
  // SPMD-NEXT: %{{.*}} = func.call @phirt_claim(%arg16)
  // SPMD: call @phirt_barrier(%arg12)
  // SPMD: scf.while (%{{.*}} = %arg10)
  // SPMD: phi.tile_attention
  // SPMD-NEXT: %{{.*}} = func.call @phirt_claim(%arg16)
  // SPMD: call @phirt_barrier(%arg12)
}
