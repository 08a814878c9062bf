"""What phi.tile_prepare and phi.tile_linear must give, in float64, and how far f32 may be from it."""
import numpy as np

from linear_case import EPS
from panels import ZERO, f64_of_bf16
from tile_program import Failure

ULP = 2.0 ** -24
TINY = 2.0 ** -126  # below it f32 has fewer bits


def expect(what, error, bound):
    """Largest error in parts of its bound."""
    part = float(np.max(np.where(error == 0, 0, error / np.maximum(bound, 1e-300))))
    if not part <= 1:
        raise Failure(f"{what}: {part:.3g} times its bound")
    return part


class Prepared:
    """The records of some tokens, read back."""

    def __init__(self, case, acts, count):
        records = acts[:count * case.record].reshape(count, case.record)
        values = np.ascontiguousarray(records[:, :case.values])
        if case.activation == "f32":
            self.values = values.view(np.float32).astype(np.float64)
        elif case.activation == "bf16":
            self.values = f64_of_bf16(values.view(np.uint16))
        elif case.pairs:
            self.split(case, acts, count)
        else:
            self.values = values.astype(np.int64)
            at = case.values + case.padded // 32 * 4
            self.scales = np.ascontiguousarray(records[:, case.values:at]).view(np.float32).astype(np.float64)
            sums = np.ascontiguousarray(records[:, at:at + case.padded // case.group * 4])
            self.sums = sums.view(np.float32 if case.kind == "q4_1" else np.int32)

    def split(self, case, acts, count):
        """Records of two tokens: codes in blocks of 8 in turn; scales and sums [2][token], both copies the same."""
        pairs = -(-count // 2)
        records = acts[:pairs * 2 * case.record].reshape(pairs, 2 * case.record)
        scales = 2 * case.padded
        sums = scales + case.padded // 32 * 16
        end = sums + case.padded // case.group * 16
        codes = records[:, :scales].reshape(pairs, -1, 2, 8)
        self.values = codes.swapaxes(1, 2).reshape(2 * pairs, -1)[:count].astype(np.int64)

        def twice(part, kind):
            words = np.ascontiguousarray(part).view(kind).reshape(pairs, -1, 2, 2)
            words = words.transpose(0, 3, 1, 2).reshape(2 * pairs, -1, 2)[:count]
            if not np.array_equal(words[:, :, 0], words[:, :, 1]):
                raise Failure("scales or sums of a pair are not the same twice")
            return words[:, :, 0]
        self.scales = twice(records[:, scales:sums], np.float32).astype(np.float64)
        self.sums = twice(records[:, sums:end], np.float32 if case.kind == "q4_1" else np.int32)


def normalised(case, rows, norm):
    x = rows.astype(np.float64)
    if not case.norm:
        return x
    return x / np.sqrt(np.mean(np.square(x), axis=1, keepdims=True) + EPS) * norm


def check_prepared(case, got, true):
    """`true`: [tokens, columns] before rounding."""
    padded = np.zeros((len(true), case.padded))
    padded[:, :case.columns] = true
    if case.activation != "i8":
        size = 2.0 ** -8 if case.activation == "bf16" else 0
        expect("rows", np.abs(got.values - padded), (size + 12 * ULP) * np.abs(padded))
        expect("padding", np.abs(got.values[:, case.columns:]), 0.0)
        return
    largest = np.abs(padded.reshape(len(true), -1, case.block)).max(2).repeat(case.block // 32, 1)
    expect("scales", np.abs(got.scales - largest / 127), 14 * ULP * largest / 127)
    quotient = np.where(largest > 0, 127 / np.where(largest > 0, largest, 1), 0).repeat(32, 1) * padded
    expect("codes", np.abs(got.values - quotient), 0.5001)
    zero = 128 if case.kind == "int4" else ZERO[case.kind]
    if zero == 128 and (case.signed or case.lanes and case.kind == "int4"):
        zero = 0
    sums = got.values.reshape(len(true), -1, case.group).sum(2)
    if case.kind == "q4_1":
        expect("sums", np.abs(got.sums - sums * got.scales), 2 * ULP * np.abs(sums * got.scales))
    else:
        start = 0x4B400000 if case.lanes and case.group == 32 else 0  # 12582912 in f32: lib/Vectorize/Linear/LaneGroup.h
        expect("sums", np.abs(got.sums - (start - zero * sums)), 0.0)


class Rescaled:
    """Codes of a codebook as 8 bits on one scale for `group` columns: what lib/Vectorize/Linear/Rescale.h says, in f32."""
    minima = None

    def __init__(self, weight, group):
        self.group, per = group, group // weight.group
        count = -(-weight.scales.shape[1] // per) * per
        scales = np.zeros((weight.rows, count), np.float32)
        scales[:, :weight.scales.shape[1]] = weight.scales
        largest = np.abs(scales).reshape(weight.rows, -1, per).max(2)
        inverse = np.where(largest > 0, np.float32(127) / np.where(largest > 0, largest, np.float32(1)), np.float32(0))
        factors = np.rint(scales * inverse.repeat(per, 1)).astype(np.int64).repeat(weight.group, 1)[:, :weight.columns]
        self.integers = weight.integers * factors + 64 >> 7
        scales = (largest * np.float32(128 / 127)).view(np.uint32) & ~np.uint32(7)
        self.scales = scales.view(np.float32).astype(np.float64)


def products(case, weight, acts):
    """[tokens, rows] of what was prepared, and how far f32 may be off. A weight is `weight.integers` of `weight.group` columns."""
    if not case.codes:
        x = acts.values[:, :case.columns]
        terms = 64 + case.padded // 64 + 6
        double = 2 if case.activation == "bf16" else 1
        return x @ weight.values.T, double * terms * ULP * (np.abs(x) @ np.abs(weight.values).T)
    total = magnitude = 0
    for group in range(-(-case.columns // weight.group)):
        part = slice(group * weight.group, min((group + 1) * weight.group, case.columns))
        codes, scale = acts.values[:, part], acts.scales[:, part.start // 32][:, None]
        value = (codes @ weight.integers[:, part].T) * scale * weight.scales[:, group]
        total, magnitude = total + value, magnitude + np.abs(value)
        if weight.minima is not None:
            value = codes.sum(1, keepdims=True) * scale * weight.minima[:, group]
            total, magnitude = total + value, magnitude + np.abs(value)
    terms = case.padded // weight.group * (2 if weight.minima is not None else 1) + 6
    return total, terms * ULP * magnitude


def gate(total, bound):
    half = total.shape[1] // 2
    a, b, da, db = total[:, :half], total[:, half:], bound[:, :half], bound[:, half:]
    silu = a / (1 + np.exp(np.minimum(-a, 700)))
    result = silu * b
    return result, 1.1 * da * (np.abs(b) + db) + (np.abs(silu) + 1.1 * da) * db + 6 * ULP * np.abs(result) + TINY
