#!/usr/bin/env python3
"""Which toys tiled programs for ARM64 are held on: a few by programs for arm64, with code for every feature set, on all
processors; most by one code, since a compile takes longer than what it makes.

usage: arm_cases.py      checks that each processor sees every format and cache, and each toy two processors
"""
import sys

from machines import ARM
from tiled_cases import Case
from toy_list import TOYS

CODES = {"all": "arm64", "neon": "arm64-cortex-a72", "dot": "arm64-neoverse-n1", "i8mm": "arm64-neoverse-v2",
         "sve256": "arm64-generic+dotprod+i8mm+bf16+sve256", "sve512": "arm64-generic+sve512"}


def case(line):
    toy, quantize, cache, code, schedule, names = line.split()
    machines = ARM.values() if names == "all" else (ARM[name] for name in names.split(","))
    return Case(toy, quantize, cache, CODES[code], schedule, tuple(machines))


CASES = [case(line) for line in """
phi3-gqa               f32   f32  all     plain  all
phi3-gqa               int8  f16  dot     odd    neoverse-n1,sve128
phi3-odd-mqa           bf16  f16  i8mm    lean   sve128,sve256
phi3-odd-mqa           int4  f32  sve512  plain  sve512
phi3-mha-tied-f16      f16   f16  all     lean   all
phi3-head-dim          int8  f16  i8mm    wide   sve128,sve512
phi3-partial-rotary    int4  f16  all     lean   all
phi3-partial-rotary-5  int8  f32  neon    tall   cortex-a72,sve512
phi3-longrope          bf16  f32  sve256  lean   sve256,sve512
phi3-longrope-su       int4  f32  neon    plain  cortex-a72,sve256
phi3-longrope-5        int8  f16  i8mm    even   sve128,sve512
phi3-window            int4  f16  i8mm    lean   sve128,sve256
phi3-mixed-types       keep  f16  dot     lean   neoverse-n1,sve512
phi3-one-layer         int8  int8 all     plain  all
phi3-one-layer         f32   int8 dot     lean   neoverse-n1,sve256
phi3-one-layer         int4  int8 i8mm    lean   sve128,sve512
llama-gqa              f16   f32  sve256  lean   sve256,sve512
llama-tied-bf16-5      bf16  f16  all     lean   all
llama-odd-head-dim     int8  f32  dot     tall   neoverse-n1,sve256
gguf-phi3-f32          int4  f32  neon    lean   cortex-a72,sve128
gguf-phi3-window-f16   keep  f16  sve256  lean   sve256,sve512
gguf-phi3-longrope     keep  f16  neon    lean   cortex-a72,sve512
gguf-phi3-q8_0         keep  f16  i8mm    plain  sve128,sve256
gguf-phi3-q4_0         keep  f16  dot     plain  neoverse-n1,sve128
gguf-phi3-q4_0         keep  f32  sve256  odd    sve256,sve512
gguf-llama-f32         f32   f32  dot     lean   neoverse-n1,sve128
gguf-llama-q4_1        keep  f16  all     even   all
gguf-llama-q6_k        keep  int8 i8mm    plain  sve128,sve256
gguf-llama-q6_k        keep  int8 neon    lean   cortex-a72,sve512
phi3-tied-with-head    bf16  f32  i8mm    lean   sve128,sve512
phi3-longrope-inside   int8  f16  sve256  lean   sve256,sve512
""".strip().splitlines()]


def gaps():
    for name, machine in ARM.items():
        cases = [case for case in CASES if machine in case.machines]
        for field, all in (("quantize", {"int4", "int8", "bf16", "f16", "f32", "keep"}), ("cache", {"f32", "f16", "int8"})):
            for value in all - {getattr(case, field) for case in cases}:
                yield f"{name} has no {field} {value}"
    for toy in TOYS:
        if len({machine for case in CASES if case.toy == toy for machine in case.machines}) < 2:
            yield f"{toy} runs on less than two processors"


if __name__ == "__main__":
    for gap in gaps():
        print(gap)
    sys.exit(any(gaps()))
