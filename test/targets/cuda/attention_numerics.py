"""phi.tile_attention as the threads of a block compute it, in the simulator, against numpy in float64.

usage: attention_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...

Passes, references and bounds are those of the CPU's test, test/lib/Vectorize/tile_attention_numerics.py, relative to the largest
magnitude of the values. What the tensor cores multiply rounds more:
  4e-3  queries, weights and, of an i8 cache, keys and values have 11 bits: a score is off by up to 2^-11 of a sum of some hundred
        products of a few units at random, a weight and a value by 2^-11 each
  2e-2  of an i8 cache where the other path, or the other part of a split, has queries of 8 bits
"""
import sys

import numpy as np

from block_cases import main  # the modules below are of test/lib/Vectorize
from block_program import BlockProgram
import tile_attention_numerics as plain
from attention_case import Cache, Case
from tile_program import Failure

CORES, CODES = 4e-3, 2e-2
# Position and count: decode, few and many tokens; across a panel of 16 positions, and a window.
PASSES = [(0, 1), (1, 2), (3, 5), (8, 8), (16, 1), (17, 33), (50, 70), (120, 1), (121, 4), (125, 19)]


def cases():
    for element in ("f32", "f16", "i8"):
        yield Case(element, 4, 128, 16)
        yield Case(element, 4, 128, 1)
        yield Case(element, 3, 96, 1, window=20, turning=36)
        yield Case(element, 3, 64, 8, window=5, longer=True)
    yield Case("f16", 1, 96, 33)
    yield Case("i8", 1, 64, 1)
    yield Case("f16", 71, 16, 1, kv_heads=1)  # more rows than a turn of the tensor cores has
    yield Case("f16", 5, 24, 1)
    yield Case("f32", 4, 64, 1, loud=12.0)    # scores of several hundreds: overflow but for the largest
    yield Case("f32", 1, 12, 1, turning=5)
    yield Case("f16", 2, 20, 9, turning=3)


def by_cores(case):
    return case.element != "f32" and case.dim % 16 == 0 and case.dim <= 128 and case.group * case.tokens > 4


def set_bounds(case):
    cores = by_cores(case)
    codes = case.element == "i8"
    plain.BOUNDS[case.element] = CODES if codes else CORES if cores else 1e-5
    plain.SPLIT_BOUNDS[case.element] = CODES if codes and cores else CORES if cores else 1e-5
    plain.ROUNDED_BOUND = CODES if cores else 2e-4


def run_case(case, number, folder, tools):
    set_bounds(case)
    program = BlockProgram(case.text(), folder, tools, Case.FUNCTIONS, f"attention{number}")
    random, cache, worst = np.random.default_rng(7), Cache(case, 144, program), 0.0
    for position, count in PASSES:
        try:
            worst = max(worst, plain.check_pass(case, program, cache, random, position, count, use_long=case.longer))
        except Failure as failure:
            raise Failure(f"at {position} count {count}: {failure}") from None
    return f"{worst:.2g}"


if __name__ == "__main__":
    main(cases(), run_case, sys.argv[1:])
