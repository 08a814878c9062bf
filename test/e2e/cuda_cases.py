#!/usr/bin/env python3
"""Which toys programs of CUDA's simulator are held on: every toy, every format with every cache; few of each, since a compile
takes longer than what it makes. "odd" has
a prompt of 250 tokens, the largest tile.

usage: cuda_cases.py     checks that it is so
"""
import sys

from machines import SIM, SIM90
from tiled_cases import Case
from toy_list import TOYS

CASES = [Case(*line.split()[:3], SIM.target, (line.split() + ["plain"])[3], (SIM,)) for line in """
phi3-gqa               f32   f32
phi3-gqa               int8  f16   odd
phi3-odd-mqa           bf16  f16
phi3-odd-mqa           int4  f32
phi3-mha-tied-f16      f16   f16
phi3-head-dim          int8  f16
phi3-partial-rotary    int4  f16   odd
phi3-partial-rotary-5  int8  f32
phi3-longrope          bf16  f32
phi3-longrope-su       int4  f32
phi3-longrope-5        int8  f16
phi3-window            int4  f16
phi3-mixed-types       keep  f16
phi3-one-layer         f32   int8
phi3-one-layer         bf16  int8  odd
phi3-one-layer         f16   int8
phi3-one-layer         int8  int8
phi3-one-layer         int4  int8
llama-gqa              f16   f32
llama-tied-bf16-5      bf16  f16   odd
llama-odd-head-dim     int8  f32
gguf-phi3-f32          f32   f16
gguf-phi3-window-f16   keep  f16
gguf-phi3-longrope     keep  f16
gguf-phi3-q8_0         keep  f16   odd
gguf-phi3-q4_0         keep  f16
gguf-phi3-q4_0         keep  f32
gguf-llama-f32         int8  f16
gguf-llama-q4_1        keep  f16
gguf-llama-q6_k        keep  int8
gguf-llama-q6_k        keep  f16
phi3-tied-with-head    bf16  f32
phi3-longrope-inside   int8  f16
""".strip().splitlines()]

# What sm_90 multiplies by wgmma: all but f32.
CASES += [Case(*line.split()[:3], SIM90.target, line.split()[3], (SIM90,)) for line in """
phi3-odd-mqa           bf16  f16   plain
phi3-odd-mqa           int4  f16   plain
phi3-mha-tied-f16      f16   f32   plain
gguf-llama-q6_k        keep  f16   plain
llama-gqa              f16   f16   plain
llama-tied-bf16-5      bf16  f16   odd
""".strip().splitlines()]


def gaps():
    pairs = {(case.quantize, case.cache) for case in CASES if case.target == SIM.target}
    for quantize in ("int4", "int8", "bf16", "f16", "f32", "keep"):
        for cache in ("f32", "f16", "int8"):
            if (quantize, cache) not in pairs:
                yield f"no case has {quantize} with {cache}"
    for toy in TOYS:
        if toy not in {case.toy for case in CASES}:
            yield f"{toy} has no case"


if __name__ == "__main__":
    for gap in gaps():
        print(gap)
    sys.exit(any(gaps()))
