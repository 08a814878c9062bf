"""phi.tile_linear as the threads of a block compute it, in the simulator, against numpy in float64.

usage: linear_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...

References and bounds are those of the CPU's test, test/lib/Vectorize/tile_linear_numerics.py, held against the stored records. One
kernel rounds more: for more than 8 tokens codes go through f16, which has 11 bits. A weight is rounded when it is scaled (q6_k's
scale before that), an activation's scale when it is divided by the row's largest, and its product with the code: at most four
times 2^-11 of each product; the simulator rounds a weight with a minimum before that is added too. What falls below f16's normal
range is off by 2^-25, the row's largest scale being 256 there and a code 127 at most. f16 weights are held against wide rows as
they are stored, as exact as f32.
"""
import sys

import numpy as np

from block_cases import main
from block_program import BlockProgram
from linear_case import Case
from linear_reference import TINY, ULP, Prepared, check_prepared, gate, normalised, products
from panels import Weight
from tile_linear_numerics import NORM, check_counts
from tile_program import Failure
from wide_rows import check_halves, check_wide, prepare, takes_count, widen, with_count

OFFSET = 8192         # of the weight, behind the norm
FEW = (1, 2, 3, 4, 5, 8)  # with kernels for 1, 2, 4 and 8
MANY = (9, 33, 65, 130)   # with tiles of 64, 128 and 256
MOST = MANY[-1]
HALF, HALF_LEAST = 2.0 ** -11, 2.0 ** -25 * 127 / 256


def block_case(*shape, tokens=256, few_prefetch=48, **more):
    return Case(*shape, schedule=(1, 96, tokens, 1, 64), few_prefetch=few_prefetch, **more)


def cases():
    """Rows and columns that fill neither panel nor step, and panels and steps enough for several warps."""
    yield block_case("q4_0", 50, 96, residual=True)
    yield block_case("int4", 33, 160, norm=False)
    yield block_case("int4", 96, 1312, gated=True)
    yield block_case("int8", 50, 96)
    yield block_case("int8", 64, 96, gated=True)
    yield block_case("q4_1", 50, 224, residual=True)
    yield block_case("q6_k", 17, 272, residual=True)
    yield block_case("f32", 17, 40, residual=True)
    yield block_case("f32", 64, 40, gated=True)
    yield block_case("f16", 33, 104, norm=False, residual=True)
    yield block_case("f16", 160, 136, gated=True)
    yield block_case("f16", 96, 1312)
    yield block_case("bf16", 17, 40, "bf16", residual=True)
    yield block_case("bf16", 160, 136, "bf16", gated=True, norm=False)
    # Tiles of 64 tokens alone, and a ring of two units.
    yield block_case("int8", 50, 96, tokens=64, few_prefetch=8)


def halves(case, weight, acts):
    """How far products of codes in f16 may be off beside that."""
    scale = acts.scales.repeat(32, 1)[:, :case.columns]
    values, weights = acts.values[:, :case.columns] * scale, np.abs(weight.values)
    if weight.minima is not None:
        minima = weight.minima.repeat(weight.group, 1)[:, :case.columns]
        weights = np.abs(minima) + np.abs(weight.values - minima)
    least = HALF_LEAST * acts.scales.max(1, keepdims=True) * weights.sum(1)
    return (4 * HALF + case.columns * ULP) * (np.abs(values) @ weights.T) + least


def expected(case, weight, acts, old, many):
    """[tokens, results] and their bounds."""
    total, bound = products(case, weight, acts)
    if many and case.codes:
        bound = bound + halves(case, weight, acts)
    if case.gated:
        total, bound = gate(total, bound + TINY)
    if case.residual:
        total, bound = total + old, bound + 2 * ULP * (np.abs(old) + np.abs(total))
    return total, bound


def run_linear(case, program, weights, acts, count, old):
    """In two shares, as two blocks would."""
    result = program.guarded(old.shape, np.float32)
    result[:] = old
    scratch = program.aligned(64, fill=-1)
    panels = -(-case.results // 16)
    for first, end in ((0, panels // 2), (panels // 2, panels)):
        program.call("linear", acts, weights, OFFSET, result, scratch, first, end, count)
    if not np.array_equal(result[count:], old[count:]):
        raise Failure(f"count {count}: rows beyond the pass are written")
    return result[:count]


def check_case(case, program):
    random = np.random.default_rng(11)
    weight = Weight(case.kind, case.rows, case.columns, random)
    norm = (1 + 0.1 * random.standard_normal(case.columns)).astype(np.float32)
    data = weight.bytes()
    weights = program.aligned(OFFSET + len(data), fill=-1)
    weights[NORM:NORM + norm.nbytes] = norm.view(np.int8)
    weights[OFFSET:] = data.view(np.int8)
    rows = program.guarded((MOST + 1, case.columns), np.float32)
    rows[:] = random.standard_normal(rows.shape)
    rows[3], rows[4], rows[5] = 0, rows[4] * 1e-30, rows[5] * 1e4
    rows[6, 7] = 1e6  # beyond f16
    acts = program.guarded(case.record * MOST, fill=-1)  # and no more: none is read beyond the pass
    old = random.standard_normal((MOST + 6, case.results)).astype(np.float32)
    parts = []
    # Kernels for few tokens add up in one order, those for many in another: alike among themselves, bit for bit.
    for counts in (FEW, MANY):
        prepare(case, program, (rows, 1, weights, NORM), acts, [(0, MOST)], counts[-1])
        if counts is FEW:
            prepared = Prepared(case, acts, MOST)
            check_prepared(case, prepared, normalised(case, rows[1:], norm))
        elif case.codes:
            check_wide(case, acts, prepared, MOST)
        elif case.kind == "f16":
            prepared = check_halves(case, acts, prepared, MOST)
        run = lambda count: run_linear(case, program, weights, acts, count, old)
        parts.append(check_counts(run, counts, *expected(case, weight, prepared, old[:MOST], counts is MANY)))
    return "few tokens {:.2g}, many {:.2g} of their bounds".format(*parts)


def run_case(case, number, folder, tools):
    widen(case)
    counted = takes_count(case)
    functions = {name: case.FUNCTIONS[name] for name in ("prepare", "linear")}
    functions["prepare"] = functions["prepare"] + ["index"] * counted
    text = with_count(case.text()) if counted else case.text()
    return check_case(case, BlockProgram(text, folder, tools, functions, f"linear{number}"))


if __name__ == "__main__":
    main(cases(), run_case, sys.argv[1:])
