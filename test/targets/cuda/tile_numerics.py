"""phi.tile_prepare, tile_embed, tile_append and tile_combine as threads of a block compute them, in the simulator, against numpy
in float64: bounds and references are those of the CPU's tests in test/lib/Vectorize.

usage: tile_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...
"""
import sys

import numpy as np

from block_cases import main
from block_program import BlockProgram
import panels
from attention_case import Cache, Case as AppendCase
from linear_case import Case as LinearCase
from linear_reference import TINY, ULP, Prepared, check_prepared, expect, normalised
from tile_attention_numerics import check_append
from tile_linear_numerics import check_embed, NORM, OFFSET
from tile_program import Failure
import wide_rows

panels.TYPES["rotated int4"] = panels.TYPES["int4"][:-1] + ", rotated = true>"
panels.TYPES["rotated int8"] = panels.TYPES["int8"][:-1] + ", rotated = true>"


def function_text(text, names):
    """Of a case's functions those with these names."""
    functions = text.strip().split("\nfunc.func ")
    functions = ["func.func " + function.removeprefix("func.func ") for function in functions]
    return "\n".join(function for function in functions if function.split("@", 1)[1].split("(")[0] in names)


class RowCase(LinearCase):
    """Preparing and embedding of one weight; `kind` may be rotated."""

    def __init__(self, kind, columns, **more):
        super().__init__(kind.removeprefix("rotated "), 33, columns, **more)
        self.rotated, self.type = kind.startswith("rotated "), panels.TYPES[kind]
        wide_rows.widen(self)
        self.FUNCTIONS = {name: LinearCase.FUNCTIONS[name] for name in ("prepare", "embed")}
        self.FUNCTIONS["prepare"] = self.FUNCTIONS["prepare"] + ["index"] * wide_rows.takes_count(self)

    def name(self):
        return f"{'rotated ' * self.rotated}{self.kind} by {self.activation}, {self.columns} columns{', norm' * self.norm}"

    def text(self):
        text = function_text(super().text().replace(panels.TYPES[self.kind], self.type), ("prepare", "embed"))
        return wide_rows.with_count(text) if wide_rows.takes_count(self) else text

    def rotate(self, rows):
        """H of !phi.quantized, over groups of 32 columns."""
        if not self.rotated:
            return rows
        sign = [[(-1) ** bin(i & j).count("1") for j in range(32)] for i in range(32)]
        padded = np.zeros((len(rows), self.padded))
        padded[:, :rows.shape[1]] = rows
        return (padded.reshape(len(rows), -1, 32) @ (np.array(sign) / 32 ** 0.5)).reshape(len(rows), -1)


class RotatedWeight(panels.Weight):
    """Its codes stand for rotated values."""

    def __init__(self, case, random):
        super().__init__(case.kind, case.rows, case.columns, random)
        if case.rotated:
            self.values = case.rotate(self.values)[:, :case.columns]


def row_cases():
    yield RowCase("q4_0", 96)
    yield RowCase("rotated int4", 1312)  # two rounds of the block
    yield RowCase("rotated int4", 7264)  # two turns
    yield RowCase("bf16", 6216, activation="bf16")
    yield RowCase("f32", 38)  # no quads
    yield RowCase("rotated int8", 160, norm=False)
    yield RowCase("int8", 64)
    yield RowCase("q4_1", 224)
    yield RowCase("q6_k", 272)
    yield RowCase("f32", 40)
    yield RowCase("f16", 1100, norm=False)
    yield RowCase("f16", 6216)
    yield RowCase("bf16", 72)
    yield RowCase("bf16", 136, activation="bf16")


def run_rows(case, program):
    random = np.random.default_rng(11)
    weight = RotatedWeight(case, random)
    norm = (1 + 0.1 * random.standard_normal(case.columns)).astype(np.float32)
    offset = -(-(NORM + norm.nbytes) // 64) * 64 + OFFSET
    data = weight.bytes()
    weights = program.aligned(offset + len(data), fill=-1)
    weights[NORM:NORM + norm.nbytes] = norm.view(np.int8)
    weights[offset:] = data.view(np.int8)
    rows = program.aligned(10 * case.columns, np.float32).reshape(10, -1)
    rows[:] = random.standard_normal(rows.shape)
    rows[3], rows[4], rows[5] = 0, rows[4] * 1e-30, rows[5] * 1e4
    prepare_rows(case, program, rows, weights, norm)
    return embed(case, program, weight, weights, offset, random)


def prepare_rows(case, program, rows, weights, norm):
    words, ranges = (rows, 1, weights, NORM), ((0, 4), (4, 4), (4, 9))
    acts = program.aligned(12 * case.record, fill=-1)
    wide_rows.prepare(case, program, words, acts, ranges, wide_rows.FEW)
    true = case.rotate(normalised(case, rows[1:], norm))[:, :case.padded]
    prepared = Prepared(case, acts, 9)
    check_prepared_rotated(case, prepared, true)
    if wide_rows.takes_count(case):
        wide_rows.prepare(case, program, words, acts, ranges, wide_rows.FEW + 1)
        check = wide_rows.check_wide if case.codes else wide_rows.check_halves
        check(case, acts, prepared, 9)
    if np.any(acts[9 * case.record:] != -1):
        raise Failure("records beyond the tokens are written")


def check_prepared_rotated(case, got, true):
    """A code may fall the other way by what five sums of a rotation add to the norm's error."""
    columns, case.columns = case.columns, true.shape[1]
    check_prepared(case, got, true)
    case.columns = columns


def embed(case, program, weight, weights, offset, random):
    tokens = program.aligned(21, np.int32)
    tokens[:] = random.integers(0, case.rows, 21)
    tokens[:2] = 0, case.rows - 1
    result = program.aligned(22 * case.columns, np.float32, fill=7).reshape(22, -1)
    for first, end in ((0, 5), (5, 21)):
        program.call("embed", tokens, weights, offset, result, first, end)
    if np.any(result[21:].view(np.int8) != 7):
        raise Failure("rows beyond the tokens are written")
    true, size = weight.values[tokens], np.abs(weight.values[tokens])
    if weight.minima is not None:
        size = size + 2 * np.abs(np.repeat(weight.minima, 32, axis=1)[:, :case.columns][tokens])
    if case.rotated:
        size = np.abs(weight.values).max()
    exact = not case.rotated and case.kind not in ("q4_1", "q6_k")
    return expect("embedding", np.abs(result[:21] - true), 0.0 if exact else 6 * ULP * size)


def append_cases():
    for element in ("f32", "f16", "i8"):
        yield AppendCase(element, 4, 128, 1)
        yield AppendCase(element, 3, 96, 1, turning=36)
        yield AppendCase(element, 1, 64, 1, longer=True)
    yield AppendCase("f32", 1, 12, 1, turning=5)
    yield AppendCase("f16", 2, 20, 1, turning=3)


def run_append(case, program):
    random = np.random.default_rng(7)
    cache = Cache(case, 80, program)
    for position, count in ((0, 1), (1, 2), (3, 13), (16, 1), (17, 33)):
        buffer = program.aligned(count * (case.columns + 8), np.float32).reshape(count, -1)
        qkv = buffer[:, :case.columns]
        qkv[:] = random.standard_normal(qkv.shape)
        scratch = program.aligned(64, fill=-1)
        check_append(case, cache, qkv.astype(np.float64), qkv, position, case.longer, program, scratch)
        if np.any(scratch != -1):
            raise Failure("the scratch of a CPU's thread is written")
    return combine(case, program, random)


def combine(case, program, random):
    heads, d, worst = case.heads, case.dim, 0.0
    for splits, count in ((1, 2), (3, 1), (8, 2), (41, 1)):
        partials = program.aligned(splits * count * heads * (d + 2), np.float32).reshape(splits * count, -1)
        partials[:] = random.standard_normal(partials.shape)
        largest = partials[:, heads * d:heads * (d + 1)]
        largest *= 20
        if splits > 1:
            largest[-count:] = -np.inf  # a part without positions
            partials[-count:, heads * (d + 1):] = 0
        sums = partials[:, heads * (d + 1):]
        sums[:] = np.abs(sums)
        result = program.aligned(count * heads * d, np.float32, fill=-1).reshape(count, -1)
        for first, end in ((0, 1), (1, count * heads)):
            program.call("combine", partials, result, splits, count, first, end)
        parts = partials.astype(np.float64).reshape(splits, count, -1)
        m = parts[:, :, heads * d:heads * (d + 1)]
        share = np.exp(m - m.max(0))
        o = parts[:, :, :heads * d].reshape(splits, count, heads, d)
        weight = (share * parts[:, :, heads * (d + 1):]).sum(0)
        true = (share[..., None] * o).sum(0) / weight[..., None]
        size = (share[..., None] * np.abs(o)).sum(0) / weight[..., None]
        # Shares are off by the exponential's ulp and that of its argument, up to 100; sums by a term each.
        error = np.abs(result.reshape(true.shape) - true)
        worst = max(worst, expect("combined", error, (2 * splits + 100) * ULP * size))
    return worst


def text_of(case):
    return case.text() if isinstance(case, RowCase) else function_text(case.text(), ("append", "combine"))


def run_case(case, number, folder, tools):
    is_row = isinstance(case, RowCase)
    functions = case.FUNCTIONS if is_row else {name: case.FUNCTIONS[name] for name in ("append", "combine")}
    program = BlockProgram(text_of(case), folder, tools, functions, f"block{number}")
    return f"{(run_rows if is_row else run_append)(case, program):.2g} of its bound"


if __name__ == "__main__":
    main([*row_cases(), *append_cases()], run_case, sys.argv[1:])
