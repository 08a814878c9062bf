// What is wrong with a file of schedules, or with a schedule, is said in one line that names the place.
// RUN: printf 'o tokens = 2\ngate tokens = 2\n' > %t.stage && not phidias-opt %s --phi-schedule=overrides=%t.stage 2>&1 | FileCheck %s --check-prefix=STAGE
// STAGE: error: line 2 of the schedules names stage "gate", which the model does not have
// RUN: printf '\n# o\no threads = 2\n' > %t.field && not phidias-opt %s --phi-schedule=overrides=%t.field 2>&1 | FileCheck %s --check-prefix=FIELD
// FIELD: error: {{.*}}.field:3: 'threads' is no field of a schedule: expected streams, prefetch, tokens, panels, chunk, few_prefetch
// RUN: printf 'o tokens = many\n' > %t.number && not phidias-opt %s --phi-schedule=overrides=%t.number 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: error: {{.*}}.number:1: tokens needs a number, got 'many'
// RUN: printf 'o tokens = -1\n' > %t.negative && not phidias-opt %s --phi-schedule=overrides=%t.negative 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: error: {{.*}}.negative:1: tokens needs a number, got '-1'
// RUN: printf 'o tokens = 99999999999999999999\n' > %t.long && not phidias-opt %s --phi-schedule=overrides=%t.long 2>&1 | FileCheck %s --check-prefix=LONG
// LONG: error: {{.*}}.long:1: tokens needs a number, got '99999999999999999999'
// RUN: printf 'o tokens\n' > %t.none && not phidias-opt %s --phi-schedule=overrides=%t.none 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: {{.*}}.none:1: tokens needs a number, got ''
// RUN: printf 'o tokens = 2,\n' > %t.comma && not phidias-opt %s --phi-schedule=overrides=%t.comma 2>&1 | FileCheck %s --check-prefix=COMMA
// COMMA: error: {{.*}}.comma:1: '' is no field of a schedule
// RUN: printf 'o\n' > %t.empty && not phidias-opt %s --phi-schedule=overrides=%t.empty 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: {{.*}}.empty:1: expected a stage and the fields of its schedule
// A percent sign is text like any other.
// RUN: printf 'o %%%%s%%%%n%%%%s = 2\n' > %t.percent && not phidias-opt %s --phi-schedule=overrides=%t.percent 2>&1 | FileCheck %s --check-prefix=PERCENT
// PERCENT: error: {{.*}}.percent:1: '%s%n%s' is no field of a schedule
// RUN: not phidias-opt %s --phi-schedule=overrides=%t.absent 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: {{.*}}.absent: cannot read the schedule: No such file or directory

// What no schedule can be, and what this machine cannot do.
// RUN: printf 'o streams = 0\n' > %t.streams && not phidias-opt %s --phi-schedule=overrides=%t.streams 2>&1 | FileCheck %s --check-prefix=STREAMS
// STREAMS: error: schedule of stage "o": streams must be 1 to 16 and prefetch 0 to 4096, got 0 and 12
// RUN: printf 'o tokens = 17\n' > %t.tokens && not phidias-opt %s --phi-schedule=overrides=%t.tokens 2>&1 | FileCheck %s --check-prefix=TOKENS
// TOKENS: error: schedule of stage "o": tokens must be 1 to 16, got 17
// RUN: printf 'o chunk = 100\n' > %t.chunk && not phidias-opt %s --phi-schedule=overrides=%t.chunk 2>&1 | FileCheck %s --check-prefix=CHUNK
// CHUNK: error: schedule of stage "o": chunk must be a multiple of 64 columns, got 100
// RUN: printf 'o tokens = 16, panels = 2\n' > %t.registers && not phidias-opt %s --phi-schedule=overrides=%t.registers 2>&1 | FileCheck %s --check-prefix=REGISTERS
// REGISTERS: error: schedule of stage "o": tokens = 16 by panels = 2 needs 32 vector registers and two more, the machine has 32
// RUN: printf 'o chunk = 512\n' > %t.cache && not phidias-opt %s --phi-schedule=overrides=%t.cache 2>&1 | FileCheck %s --check-prefix=CACHE
// CACHE: error: schedule of stage "o": chunk = 512 by panels = 2 is 65536 bytes unpacked, the first cache has 32768
// RUN: printf 'gate_up panels = 3\n' > %t.odd && not phidias-opt %s --phi-schedule=overrides=%t.odd 2>&1 | FileCheck %s --check-prefix=ODD
// ODD: error: schedule of stage "gate_up": a gated stage needs an even number of panels, got 3
// RUN: printf 'o tokens = 5\n' > %t.pairs && sed 's/bf16 = [a-z]*>/bf16 = false, value_lanes = true, matrix = true>/; s/lanes = 16,/lanes = 4,/; /weight @o/s/xf32>/x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>/; /weight @o/s/"f32"/"q4_0"/' %s | not phidias-opt --phi-schedule=overrides=%t.pairs 2>&1 | FileCheck %s --check-prefix=PAIRS
// PAIRS: error: schedule of stage "o": products of matrices need an even number of tokens, got 5
// RUN: printf 'o tokens = 7\n' > %t.lanes && sed 's/bf16 = [a-z]*>/bf16 = false, value_lanes = true>/; s/lanes = 16,/lanes = 4,/; /weight @o/s/xf32>/x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>>/; /weight @o/s/"f32"/"q4_0"/' %s | not phidias-opt --phi-schedule=overrides=%t.lanes 2>&1 | FileCheck %s --check-prefix=LANES
// LANES: error: schedule of stage "o": tokens = 7 by panels = 2 needs 35 vector registers and two more, the machine has 32
// RUN: printf 'o tokens = 9\n' > %t.blocks && sed 's/bf16 = [a-z]*>/bf16 = false, value_lanes = true>/; s/lanes = 16,/lanes = 4,/; /weight @o/s/xf32>/x!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = [-127, -99, -78, -61, -47, -33, -21, -9, 2, 13, 24, 36, 50, 65, 82, 105]>>/' %s | not phidias-opt --phi-schedule=overrides=%t.blocks 2>&1 | FileCheck %s --check-prefix=BLOCKS
// BLOCKS: error: schedule of stage "o": tokens = 9 by panels = 2 needs 31 vector registers and two more, the machine has 32
// A GPU's blocks of threads have other limits.
// RUN: printf 'o tokens = 512\n' > %t.sums && sed 's/registers = 32, l1 = 32768/registers = 255, l1 = 101376/; s/bf16 = false>/bf16 = true, threads = 256>/' %s | not phidias-opt --phi-schedule=overrides=%t.sums 2>&1 | FileCheck %s --check-prefix=SUMS
// SUMS: error: schedule of stage "o": tokens = 512 needs 128 registers of a thread for sums and 178 more, the machine has 255
// RUN: printf 'o tokens = 96\n' > %t.odds && sed 's/registers = 32, l1 = 32768/registers = 255, l1 = 101376/; s/bf16 = false>/bf16 = true, threads = 256>/' %s | not phidias-opt --phi-schedule=overrides=%t.odds 2>&1 | FileCheck %s --check-prefix=ODDS
// ODDS: error: schedule of stage "o": on a GPU tokens are 64, 128 or 256, got 96
// RUN: printf '* few_prefetch = 52\n' > %t.ring && sed 's/registers = 32, l1 = 32768/registers = 255, l1 = 101376/; s/bf16 = false>/bf16 = true, threads = 256>/' %s | not phidias-opt --phi-schedule=overrides=%t.ring 2>&1 | FileCheck %s --check-prefix=RING
// RING: error: schedule of stage "o": few_prefetch = 52 KiB and 48 beside it are 102400 bytes of shared memory, a block has 101376
// RUN: printf '* few_prefetch = 4\n' > %t.least && sed 's/registers = 32, l1 = 32768/registers = 255, l1 = 101376/; s/bf16 = false>/bf16 = true, threads = 256>/' %s | not phidias-opt --phi-schedule=overrides=%t.least 2>&1 | FileCheck %s --check-prefix=LEAST
// LEAST: error: schedule of stage "o": on a GPU few_prefetch is at least 8 KiB, got 4
// RUN: printf 'o chunk = 128\n' > %t.fixed && sed 's/registers = 32, l1 = 32768/registers = 255, l1 = 101376/; s/bf16 = false>/bf16 = true, threads = 256>/' %s | not phidias-opt --phi-schedule=overrides=%t.fixed 2>&1 | FileCheck %s --check-prefix=FIXED
// FIXED: error: schedule of stage "o": on a GPU streams are 1 and chunk is 64
// A stage without a matrix has no schedule.
// RUN: printf 'twice tokens = 2\n' > %t.unscheduled && not phidias-opt %s --phi-schedule=overrides=%t.unscheduled 2>&1 | FileCheck %s --check-prefix=UNSCHEDULED
// UNSCHEDULED: error: line 1 of the schedules names stage "twice", which multiplies with no weight
// RUN: sed /phi.machine/d %s | not phidias-opt --phi-schedule 2>&1 | FileCheck %s --check-prefix=MACHINE
// MACHINE: error: has no phi.machine

module attributes {
  phi.machine = #phi.machine<lanes = 16, registers = 32, l1 = 32768, l2 = 1048576, dot = true, bf16 = false>
} {
  phi.weight @o : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>
  phi.weight @gate_up : tensor<64x64xf32> = [#phi.part<64 x "f32">] at dense<0> : tensor<1x1x2xi64>

  func.func @f(%x: tensor<?x64xf32>) -> tensor<?x32xf32> {
    %0 = phi.stage "o" : tensor<?x64xf32> {
      %2 = phi.linear %x, @o : tensor<?x64xf32> -> tensor<?x64xf32>
      phi.stage_yield %2 : tensor<?x64xf32>
    }
    %1 = phi.stage "gate_up" : tensor<?x32xf32> {
      %2 = phi.linear %0, @gate_up : tensor<?x64xf32> -> tensor<?x64xf32>
      %3 = phi.swiglu %2 : tensor<?x64xf32> -> tensor<?x32xf32>
      phi.stage_yield %3 : tensor<?x32xf32>
    }
    %3 = phi.stage "twice" : tensor<?x32xf32> {
      %2 = phi.add %1, %1 : tensor<?x32xf32>
      phi.stage_yield %2 : tensor<?x32xf32>
    }
    return %3 : tensor<?x32xf32>
  }
}
