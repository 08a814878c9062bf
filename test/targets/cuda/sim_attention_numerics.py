#!/usr/bin/env python3
"""phi.tile_append and phi.tile_attention as CUDA code on the simulator, against numpy in float64.

usage: sim_attention_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER

Bounds, relative to the largest magnitude of the values (see tile_attention_numerics.py):
  1e-5  multiply-adds in f32: f32 caches, and f16 with few rows
  2e-2  few rows of an i8 cache: queries of 8 bits; 1e-5 against such queries
  4e-3  tensor cores: queries, weights and, of an i8 cache, keys and values have 11 bits. A score is then off by up to 2^-11 of
        a sum of some hundred products of a few units at random, a weight and a value by 2^-11 each.
"""
import os
import sys
import tempfile

import numpy as np

from sim_program import SimProgram, build_simulator
from tile_program import Failure
import tile_attention_numerics as plain
from attention_case import Cache, Case

CORES = 4e-3


def by_cores(case):
    return case.element != "f32" and case.dim % 16 == 0 and case.dim <= 128 and case.group * case.tokens > 4


def cases():
    for element in ("f32", "f16", "i8"):
        yield Case(element, 4, 128, 16)
        yield Case(element, 4, 128, 1)
        yield Case(element, 3, 96, 1, window=20, turning=36)
        yield Case(element, 3, 64, 8, window=5, longer=True)
    yield Case("f16", 1, 96, 33)
    yield Case("i8", 1, 64, 1)
    yield Case("f16", 71, 16, 1, kv_heads=1)  # more rows than a turn of the tensor cores has
    yield Case("i8", 5, 32, 1)
    yield Case("f16", 5, 24, 1)
    yield Case("f32", 4, 64, 1, loud=12.0)  # scores of several hundreds: overflow but for the largest
    yield Case("f32", 1, 256, 1)
    yield Case("f32", 1, 12, 1, turning=5)
    yield Case("f16", 3, 6, 2, turning=3)
    yield Case("f16", 2, 20, 9, turning=3)


PASSES = [(0, 1), (1, 2), (3, 5), (8, 7), (15, 1), (16, 1), (17, 8), (25, 33), (58, 70), (128, 1), (129, 8), (137, 5)]


def check_case(case, folder, tools, simulator, number):
    program = SimProgram(case.text(), folder, tools, Case.FUNCTIONS, simulator, f"case{number}")
    bound = CORES if by_cores(case) else 1e-5 * max(1, case.loud / 2)
    plain.BOUNDS = {"f32": bound, "f16": bound, "i8": max(bound, 2e-2)}
    plain.SPLIT_BOUNDS = {element: bound for element in plain.BOUNDS}
    plain.ROUNDED_BOUND = 2e-2 if by_cores(case) else bound
    random, cache = np.random.default_rng(7), Cache(case, 144, program)
    worst = 0.0
    for position, count in PASSES:
        try:
            worst = max(worst, plain.check_pass(case, program, cache, random, position, count, use_long=case.longer))
        except Failure as failure:
            raise Failure(f"at {position} count {count}: {failure}") from None
    return worst


def main(phidias_opt, llvm, *numbers):
    tools = {"phidias-opt": phidias_opt,
             **{tool: os.path.join(llvm, tool) for tool in ("mlir-opt", "mlir-translate", "clang")}}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        simulator = build_simulator(folder, tools)
        for number, case in enumerate(cases()):
            if numbers and str(number) not in numbers:
                continue
            try:
                print(f"{number} {case.name()}: {check_case(case, folder, tools, simulator, number):.2g}", flush=True)
            except Failure as failure:
                failures += 1
                print(f"FAILED {number} {case.name()}: {failure}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
