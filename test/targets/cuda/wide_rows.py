"""Records of a machine that wants wide rows (#phi.machine), for cases of test/lib/Vectorize; targets/cuda/WideRow.h says how they lie."""
import numpy as np

from tile_program import Failure

FEW = 8  # tokens of the longest pass that reads codes


def with_count(text):
    """A case's functions; prepare is told how many tokens the pass has."""
    text = text.replace("%from: index,\n                   %to: index)", "%from: index, %to: index, %count: index)", 1)
    return text.replace("tokens %from to %to for", "tokens %from to %to in %count for", 1)


def takes_count(case):
    """Whether prepare leaves wide rows for long passes."""
    return case.codes or case.kind == "f16"


def widen(case):
    """Gives a case of codes the records of such a machine."""
    if takes_count(case):
        case.record = max(case.record, -(-(wide_bytes(case) + 4) // 64) * 64)


def wide_bytes(case):
    """Of values: an f16 for a code, two for each value of a row for f16 weights."""
    return (2 if case.codes else 4) * case.padded


def prepare(case, program, words, acts, ranges, count):
    for first, end in ranges:
        program.call("prepare", *words[:2], acts, *words[2:], first, end, *[count] * takes_count(case))


def check_wide(case, acts, prepared, count):
    """Exactly what f16 makes of the codes, and the factors."""
    records = acts[:count * case.record].reshape(count, case.record)
    at = wide_bytes(case)
    factors = np.ascontiguousarray(records[:, at:at + 4]).view(np.float32)
    scales = prepared.scales.astype(np.float32)
    largest = np.maximum(np.float32(1e-37), scales.max(1, keepdims=True) / np.float32(256))
    if not np.array_equal(factors, largest):
        raise Failure("wide rows: factors are not the largest scales over 256")
    shares = (scales * (np.float32(1) / largest)).astype(np.float16).repeat(32, 1)
    rows = np.ascontiguousarray(records[:, :at]).view(np.float16)
    pairs = [[0, 1], [2, 3]] if case.kind == "int4" else [[0, 2], [1, 3]]
    columns = prepared.values.astype(np.float16) * shares
    quads = columns.reshape(count, -1, 4, 4)[:, :, :, pairs]  # [token, part, t, pair, 2]
    if not np.array_equal(rows, quads.swapaxes(2, 3).reshape(count, -1)):
        raise Failure("wide rows: not codes times their scales")


class Halves:
    """Rows of f16 as they are stored, with their factors."""

    def __init__(self, values, factors):
        self.values = values.astype(np.float64) * factors


def check_halves(case, acts, prepared, count):
    """`prepared`: the same rows in f32. Each is the sum of two f16."""
    records = acts[:count * case.record].reshape(count, case.record)
    at = wide_bytes(case)
    factors = np.ascontiguousarray(records[:, at:at + 4]).view(np.float32)
    parts = np.ascontiguousarray(records[:, :at]).view(np.float16).reshape(count, -1, 2, 64)
    values = parts.astype(np.float64).sum(2).reshape(count, -1)
    largest = np.abs(prepared.values).max(1, keepdims=True)
    if not np.array_equal(factors, np.maximum(np.float32(1e-37), largest.astype(np.float32) / np.float32(32768))):
        raise Failure("wide rows: factors are not the largest magnitudes over 32768")
    rows = Halves(values, factors.astype(np.float64))
    # Two times 11 bits; f16's smallest step is 2^-24; f32 rounds the factor's inverse and the product.
    bound = 2.0 ** -22 * (1 + 0.75) * np.abs(prepared.values) + 2.0 ** -25 * factors
    if not np.all(np.abs(rows.values - prepared.values) <= bound):
        raise Failure("wide rows: not the values divided by their factor")
    return rows
