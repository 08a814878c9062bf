"""phi.tile_prepare, phi.tile_linear and phi.tile_embed, compiled and run, against numpy in float64.

usage: tile_linear_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER [TARGET...]

Bounds, by Higham's rule that a sum of n terms in f32 is off by at most n 2^-24 times the sum of the terms' magnitudes:
  i8        the codes of a prepared row are within 0.5 (and 1e-4, since the norm is in f32) of the true quotient; sums are
            exact for the codes that were stored. A linear is then held against the stored codes: dot products of a group
            are exact integers, so that n is the number of groups, and 6 for scales, minimum and residual.
  floats    prepared rows as they are, or rounded to bf16 (2^-8); n is 64 columns of a step, the steps, and 6; a bf16 dot
            product may truncate, which doubles it.
  gated     silu's slope is at most 1.1; its exponential and quotient add 4 2^-24.
A result depends on the token alone, not on how many are in the pass: bit for bit; of int4, that is so of short passes and of
long ones, which multiply other codes. Every buffer has exactly the bytes that the
ops may touch, and ends at a page that ends the program.
"""
import numpy as np

from linear_case import Case, cases
from linear_reference import TINY, ULP, Prepared, Rescaled, check_prepared, expect, gate, normalised, products
from panels import Weight
from tile_main import main
from tile_program import Failure, Program
from tile_targets import X86

COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 33)
OFFSET, NORM = 2048, 64


def run_linear(case, program, weights, acts, count, old):
    """In two shares, as two threads would; rows beyond the pass must not be touched."""
    result = program.guarded(old.shape, np.float32)
    result[:] = old
    scratch = program.guarded(case.scratch(33), fill=-1)
    panels = -(-case.results // 16)
    unit = 1 if case.gated else case.schedule[3]
    cut = min(panels // 2 // unit * unit, panels)
    for first, end in ((0, cut), (cut, panels)):
        program.call("linear", acts, weights, OFFSET, result, scratch, first, end, count)
    if not np.array_equal(result[count:], old[count:]):
        raise Failure(f"count {count}: rows beyond the pass are written")
    return result[:count]


def check_counts(run, counts, total, bound):
    """What `run(count)` gives is within `bound` of `total`, and for every number of tokens the same bits. The largest part of the bound."""
    part, all = 0.0, None
    for count in reversed(counts):
        got = run(count)
        try:
            part = max(part, expect("result", np.abs(got - total[:count]), bound[:count]))
        except Failure as failure:
            raise Failure(f"count {count}: {failure}") from None
        all = got if all is None else all
        if not np.array_equal(got, all[:count]):
            raise Failure(f"count {count}: not the bits that a pass of {counts[-1]} gives")
    return part


def expected(case, weight, prepared, old):
    """Results of 33 tokens, and how far f32 may be off."""
    total, bound = products(case, weight, prepared)
    if case.gated:
        total, bound = gate(total, bound + TINY)
    if case.residual:
        total, bound = total + old[:33], bound + 2 * ULP * (np.abs(old[:33]) + np.abs(total))
    return total, bound


def check_linear(case, program, weight, weights, rows, norm):
    tile = case.schedule[2]
    acts = program.guarded(case.record * max(40, -(-33 // tile) * tile), fill=-1)
    for first, end in ((0, 13), (13, 33)):
        program.call("prepare", rows, 1, acts, weights, NORM, first, end)
    prepared = Prepared(case, acts, 33)
    check_prepared(case, prepared, normalised(case, rows[1:], norm))
    old = np.random.default_rng(3).standard_normal((40, case.results)).astype(np.float32)
    run = lambda count: run_linear(case, program, weights, acts, count, old)
    if case.wide == 32:
        return check_counts(run, COUNTS, *expected(case, weight, prepared, old))
    few = [count for count in COUNTS if count <= case.few]
    return max(check_counts(run, few, *expected(case, weight, prepared, old)),
               check_counts(run, COUNTS[len(few):], *expected(case, Rescaled(weight, case.wide), prepared, old)))


def check_embed(case, program, weight, weights, random):
    tokens = program.guarded(21, np.int32)
    tokens[:] = random.integers(0, case.rows, 21)
    tokens[:2] = 0, case.rows - 1
    result = program.guarded((21, case.columns), np.float32, fill=-1)
    for first, end in ((0, 5), (5, 21)):
        program.call("embed", tokens, weights, OFFSET, result, first, end)
    true = weight.values[tokens]
    size = np.abs(true)
    if weight.minima is not None:
        size = size + 2 * np.abs(np.repeat(weight.minima, 32, axis=1)[:, :case.columns][tokens])
    exact = case.kind in ("q4_0", "int4", "int8", "f32", "f16", "bf16") # products of 11 by 8 bits fit f32
    return expect("embedding", np.abs(result - true), 0.0 if exact else 3 * ULP * size)


def check_case(case, target, tools, folder, number):
    program = Program(case.text(), target, folder, tools, Case.FUNCTIONS, f"linear{number}")
    random = np.random.default_rng(11)
    weight = Weight(case.kind, case.rows, case.columns, random)
    norm = (1 + 0.1 * random.standard_normal(case.columns)).astype(np.float32)
    data = weight.bytes()
    assert OFFSET >= NORM + norm.nbytes
    weights = program.guarded(OFFSET + len(data), fill=-1)
    weights[NORM:NORM + norm.nbytes] = norm.view(np.int8)
    weights[OFFSET:OFFSET + len(data)] = data.view(np.int8)
    rows = program.guarded((34, case.columns), np.float32)
    rows[:] = random.standard_normal((34, case.columns))
    rows[3] = 0         # no largest
    rows[4] *= 1e-30    # a scale near the smallest; with a norm, eps rules
    rows[5] *= 1e4
    return max(check_linear(case, program, weight, weights, rows, norm),
               check_embed(case, program, weight, weights, random))


def run_case(case, target, tools, folder, number):
    return f"{check_case(case, target, tools, folder, number):.2g} of its bound"


if __name__ == "__main__":
    main(cases, run_case, X86)
