"""phi.tile_append and phi.tile_attention, compiled and run, against numpy in float64.

usage: tile_attention_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER [TARGET...]

Bounds, relative to the largest magnitude of the values, for attention over what the cache holds (its stored keys and
values, decoded by numpy, are the truth; what appending lost is measured on its own):
  f32, f16  1e-5   sums of up to 128 products in f32 (2^-24 each, errors of a random walk) and an exponential of 1 ulp
            times the magnitude of what is put in, where that is more than 1: scores then are off by more
  i8        2e-2   the queries are rounded to 8 bits per 32 channels: each product is off by up to 1/254 of the group's
                   largest; scores of a few units are then off by some hundredths at worst
With the queries rounded in numpy too, i8 is held to 2e-4: weights are codes of 14 bits of the largest in a block of 64
(3e-5 each at most); where a rounding of a query falls the other way, the bound would show it.
For appending: f32 exact but for sin and cos (2e-6), f16 half an ulp (2^-11 relative), i8 half a step of the group's
largest / 127 and the f16 rounding of the scale (0.51 steps).
"""
import numpy as np

from attention_case import LAYER, Cache, Case, cases
from attention_reference import attention, quantized, rope
from tile_main import main
from tile_program import Failure, Program

BOUNDS = {"f32": 1e-5, "f16": 1e-5, "i8": 2e-2}
SPLIT_BOUNDS = {"f32": 1e-5, "f16": 1e-5, "i8": 1e-3}  # against the op without splits
ROUNDED_BOUND = 2e-4
SCRATCH = 1 << 20
NAN = -1  # a byte of f32's


def bound(case):
    return BOUNDS[case.element] * (case.loud if case.loud > 2 else 1)


def expect(what, error, bound):
    if not error <= bound:
        raise Failure(f"{what}: {error:.3g}, bound {bound:.3g}")
    return error


def check_append(case, cache, original, qkv, position, use_long, program, scratch):
    count, d = len(qkv), case.dim
    program.call("append", qkv, cache.bytes, scratch, LAYER, position, cache.capacity, 0, 1, use_long)
    middle = max(1, count * case.kv_heads // 2)
    program.call("append", qkv, cache.bytes, scratch, LAYER, position, cache.capacity, 1, middle, use_long)
    program.call("append", qkv, cache.bytes, scratch, LAYER, position, cache.capacity, middle, count * case.kv_heads,
                 use_long)
    positions = position + np.arange(count)
    heads = original.reshape(count, -1, d)
    turned = rope(case, heads[:, :case.heads + case.kv_heads], positions, use_long)
    now = qkv.reshape(count, -1, d) if qkv.flags.c_contiguous else np.ascontiguousarray(qkv).reshape(count, -1, d)
    expect("rotated", np.abs(now[:, :case.heads + case.kv_heads] - turned).max() / np.abs(heads).max(), 2e-6)
    for head in range(case.kv_heads):
        for (stored, steps), true in ((cache.keys(head), turned[:, case.heads + head]),
                                      (cache.values(head), heads[:, case.heads + case.kv_heads + head])):
            stored = stored[position:position + count]
            error = np.abs(stored - true)
            if case.element == "i8":
                expect("i8 steps", (error / steps[position:position + count]).max(), 0.51)
                largest = np.abs(true).reshape(count, -1, 32).max(-1).repeat(32, 1)
                expect("scale", np.abs(steps[position:position + count] * 127 / largest - 1).max(), 1e-3)
            else:
                rounding = np.abs(true) * (2 ** -11 if case.element == "f16" else 0)
                expect("stored", (error - rounding).max() / np.abs(heads).max(), 2e-6)


def attend_split(case, program, cache, qkv, scratch, position, splits):
    """The same by phi.tile_attention with splits and phi.tile_combine."""
    count = len(qkv)
    partials = program.aligned(splits * count * case.heads * (case.dim + 2), np.float32, NAN).reshape(splits * count, -1)
    result = program.aligned(count * case.heads * case.dim, np.float32, NAN).reshape(count, -1)
    items = -(-count // case.tokens) * case.kv_heads * splits
    for first, end in ((0, items // 3), (items // 3, items)):
        program.call("split", qkv, cache.bytes, result, scratch, LAYER, position, count, cache.capacity, first, end, splits,
                     partials)
    for first, end in ((0, 1), (1, count * case.heads)):
        program.call("combine", partials, result, splits, count, first, end)
    return result


def check_pass(case, program, cache, random, position, count, use_long):
    """Appends a pass and attends; returns the error relative to its bound."""
    buffer = program.aligned(count * (case.columns + 8), np.float32).reshape(count, -1)
    qkv = buffer[:, :case.columns]
    qkv[:] = random.standard_normal(qkv.shape) * case.loud
    original = qkv.astype(np.float64)
    scratch = program.aligned(SCRATCH, fill=-1)
    check_append(case, cache, original, qkv, position, use_long, program, scratch)
    scratch = program.aligned(SCRATCH, fill=-1)
    result = program.aligned(count * case.heads * case.dim, np.float32, NAN).reshape(count, -1)
    items = -(-count // case.tokens) * case.kv_heads
    cut = items // 2
    for first, end in ((0, cut), (cut, items)):
        program.call("attend", qkv, cache.bytes, result, scratch, LAYER, position, count, cache.capacity, first, end)
    split = attend_split(case, program, cache, qkv, scratch, position, splits=1 + (position + count) % 4)
    expect("split", np.abs(split - result).max() / np.abs(result).max(), SPLIT_BOUNDS[case.element])
    worst = 0.0
    queries = np.ascontiguousarray(qkv).reshape(count, -1, case.dim).astype(np.float64)
    for head in range(case.kv_heads):
        group = slice(head * case.group, (head + 1) * case.group)
        keys, values = cache.keys(head)[0], cache.values(head)[0]
        true = attention(case, queries[:, group], keys, values, position)
        mine = result.reshape(count, -1, case.dim)[:, group]
        largest = np.abs(values[:position + count]).max()
        if case.element == "i8":
            same = attention(case, quantized(queries[:, group]), keys, values, position)
            expect("attention with queries of 8 bits", np.abs(mine - same).max() / largest, ROUNDED_BOUND)
        worst = max(worst, expect("attention", np.abs(mine - true).max() / largest, bound(case)))
    return worst


# Position and count of each pass; all before are filled by passes of their own.
PASSES = [(0, 1), (1, 2), (3, 5), (8, 7), (15, 1), (16, 1), (17, 8), (25, 33), (58, 8), (66, 34), (100, 1), (101, 2), (103, 33),
          (136, 5)]


def check_case(case, target, tools, folder):
    program = Program(case.text(), target, folder, tools, Case.FUNCTIONS,
                      f"case{abs(hash((case.name(), target)))}")
    random = np.random.default_rng(7)
    cache = Cache(case, 144, program)
    worst = 0.0
    for position, count in PASSES:
        try:
            worst = max(worst, check_pass(case, program, cache, random, position, count, use_long=case.longer))
        except Failure as failure:
            raise Failure(f"at {position} count {count}: {failure}") from None
    return worst


def run_case(case, target, tools, folder, number):
    return f"{check_case(case, target, tools, folder):.2g}"


if __name__ == "__main__":
    main(cases, run_case, ("vnni512", "v4", "v3", "signed", "lanes"))
