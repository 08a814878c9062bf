"""phi.tile_prepare, phi.tile_linear and phi.tile_embed, compiled and run, against numpy in float64.

usage: tile_linear_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER [TARGET...]

Bounds, by Higham's rule that a sum of n terms in f32 is off by at most n 2^-24 times the sum of the terms' magnitudes:
  i8        the codes of a prepared row are within 0.5 (and 1e-4, since the norm is in f32) of the true quotient; sums are
            exact for the codes that were stored. A linear is then held against the stored codes: dot products of a group
            are exact integers, so that n is the number of groups, and 6 for scales, minimum and residual.
  floats    prepared rows as they are, or rounded to bf16 (2^-8); n is 64 columns of a step, the steps, and 6; a bf16 dot
            product may truncate, which doubles it.
  gated     silu's slope is at most 1.1; its exponential and quotient add 4 2^-24.
A result depends on the token alone, not on how many are in the pass: bit for bit. Every buffer has exactly the bytes that the
ops may touch, and ends at a page that ends the program.
"""
import sys
import tempfile

import numpy as np

from panels import TYPES, ZERO, Weight, f64_of_bf16, rounded_to_bf16
from tile_program import Program, guarded, usable_targets

ULP = 2.0 ** -24
COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 33)
OFFSET, NORM, EPS = 2048, 64, 1e-5
TINY = 2.0 ** -126  # below it f32 has fewer bits


class Failure(Exception):
    pass


class Case:
    def __init__(self, kind, rows, columns, activation=None, gated=False, residual=False, norm=True,
                 schedule=(2, 1, 4, 2, 64), target=""):
        self.kind, self.rows, self.columns, self.gated = kind, rows, columns, gated
        self.residual, self.norm, self.schedule = residual, norm, schedule
        self.codes = kind in ZERO
        self.activation = activation or ("i8" if self.codes else "f32")
        self.results = rows // 2 if gated else rows
        self.padded = -(-columns // 64) * 64
        self.group = 16 if kind == "q6_k" else 32
        self.values = self.padded * {"i8": 1, "bf16": 2, "f32": 4}[self.activation]
        self.signed, self.lanes = target in ("signed", "lanes"), target in ("lanes", "matrix")
        self.pairs = target == "matrix" and self.codes
        sums = self.padded // 32 * 4 + self.padded // self.group * 4 if self.codes else 0
        sums *= 2 if self.pairs else 1
        self.record = -(-(self.values + sums) // 64) * 64

    def name(self):
        return (f"{self.kind} by {self.activation} {self.rows}x{self.columns}{' gated' * self.gated}"
                f"{' residual' * self.residual}{' norm' * self.norm} schedule {self.schedule}")

    def text(self):
        weight = f"tensor<{self.rows}x{self.columns}x{TYPES[self.kind]}>"
        result, rows = f"memref<?x{self.results}xf32>", f"memref<?x{self.columns}xf32>"
        norm = f"norm %weights[%norm] eps {EPS:.1e}" if self.norm else "norm %weights"
        residual = f"residual %result : {result}" if self.residual else ""
        fields = ("streams", "prefetch", "tokens", "panels", "chunk")
        schedule = ", ".join(f"{name} = {value}" for name, value in zip(fields, self.schedule))
        return f"""
func.func @prepare(%rows: {rows}, %first: index, %acts: memref<?xi8>, %weights: memref<?xi8>, %norm: index, %from: index,
                   %to: index) {{
  phi.tile_prepare %rows[%first], %acts {norm} tokens %from to %to for {weight} by {self.activation}
    : {rows}, memref<?xi8>, memref<?xi8>
  return
}}
func.func @linear(%acts: memref<?xi8>, %weights: memref<?xi8>, %offset: index, %result: {result}, %scratch: memref<?xi8>,
                  %from: index, %to: index, %count: index) {{
  phi.tile_linear %acts, %weights[%offset], %result, %scratch {residual} panels %from to %to tokens %count of {weight}
    by {self.activation} {'gated' if self.gated else ''} schedule <{schedule}>
    : memref<?xi8>, memref<?xi8>, {result}, memref<?xi8>
  return
}}
func.func @embed(%tokens: memref<?xi32>, %weights: memref<?xi8>, %offset: index, %result: {rows}, %from: index, %to: index) {{
  phi.tile_embed %tokens, %weights[%offset], %result tokens %from to %to of {weight}
    : memref<?xi32>, memref<?xi8>, {rows}
  return
}}"""

    def scratch(self, tokens):
        """Bytes: a chunk of each panel unpacked, scales and minima in f32, and a line of sums for each token and panel."""
        _, _, tile, panels, chunk = self.schedule
        unpacked = chunk * {"bf16": 32, "f32": 64, "i8": 16}[self.activation]
        if self.codes and self.lanes:
            vectors = tile // 2 if self.pairs else tile  # of sums, for each 4 rows or 2
            line = 128 if self.pairs else 64
            unpacked = chunk // 32 * (512 + (2 if self.kind == "q4_1" else 1) * line + vectors * (line + 64))
        elif self.codes:
            unpacked += (2 if self.kind == "q4_1" else 1) * chunk // 32 * 64
        return panels * (unpacked + -(-tokens // tile) * tile * 64)

    FUNCTIONS = {"prepare": [2, "index", 1, 1, "index", "index", "index"],
                 "linear": [1, 1, "index", 2, 1, "index", "index", "index"],
                 "embed": [1, 1, "index", 2, "index", "index"]}


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
    groups = np.abs(padded.reshape(len(true), -1, 32))
    largest = groups.max(2)
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


def products(case, weight, acts):
    """[tokens, rows] of what was prepared, and how far f32 may be off."""
    if not case.codes:
        x = acts.values[:, :case.columns]
        terms = 64 + case.padded // 64 + 6
        double = 2 if case.activation == "bf16" else 1
        return x @ weight.values.T, double * terms * ULP * (np.abs(x) @ np.abs(weight.values).T)
    total = magnitude = 0
    for group in range(-(-case.columns // case.group)):
        part = slice(group * case.group, min((group + 1) * case.group, case.columns))
        codes, scale = acts.values[:, part], acts.scales[:, part.start // 32][:, None]
        value = (codes @ weight.integers[:, part].T) * scale * weight.scales[:, group]
        total, magnitude = total + value, magnitude + np.abs(value)
        if weight.minima is not None:
            value = codes.sum(1, keepdims=True) * scale * weight.minima[:, group]
            total, magnitude = total + value, magnitude + np.abs(value)
    terms = case.padded // case.group * (2 if weight.minima is not None else 1) + 6
    return total, terms * ULP * magnitude


def gate(total, bound):
    half = total.shape[1] // 2
    a, b, da, db = total[:, :half], total[:, half:], bound[:, :half], bound[:, half:]
    silu = a / (1 + np.exp(np.minimum(-a, 700)))
    result = silu * b
    return result, 1.1 * da * (np.abs(b) + db) + (np.abs(silu) + 1.1 * da) * db + 6 * ULP * np.abs(result) + TINY


def run_linear(case, program, weights, acts, count, old):
    """In two shares, as two threads would; rows beyond the pass must not be touched."""
    result = guarded(old.shape, np.float32)
    result[:] = old
    scratch = guarded(case.scratch(33), fill=-1)
    panels = -(-case.results // 16)
    unit = 1 if case.gated else case.schedule[3]
    cut = min(panels // 2 // unit * unit, panels)
    for first, end in ((0, cut), (cut, panels)):
        program.call("linear", acts, weights, OFFSET, result, scratch, first, end, count)
    if not np.array_equal(result[count:], old[count:]):
        raise Failure(f"count {count}: rows beyond the pass are written")
    return result[:count]


def check_linear(case, program, weight, weights, rows, norm):
    tile = case.schedule[2]
    acts = guarded(case.record * max(40, -(-33 // tile) * tile), fill=-1)
    for first, end in ((0, 13), (13, 33)):
        program.call("prepare", rows, 1, acts, weights, NORM, first, end)
    prepared = Prepared(case, acts, 33)
    check_prepared(case, prepared, normalised(case, rows[1:], norm))
    part = 0.0
    total, bound = products(case, weight, prepared)
    if case.gated:
        total, bound = gate(total, bound + TINY)
    old = np.random.default_rng(3).standard_normal((40, case.results)).astype(np.float32)
    if case.residual:
        total, bound = total + old[:33], bound + 2 * ULP * (np.abs(old[:33]) + np.abs(total))
    all = None
    for count in reversed(COUNTS):
        got = run_linear(case, program, weights, acts, count, old)
        try:
            part = max(part, expect("result", np.abs(got - total[:count]), bound[:count]))
        except Failure as failure:
            raise Failure(f"count {count}: {failure}") from None
        all = got if all is None else all
        if not np.array_equal(got, all[:count]):
            raise Failure(f"count {count}: not the bits that a pass of {COUNTS[-1]} gives")
    return part


def check_embed(case, program, weight, weights, random):
    tokens = guarded(21, np.int32)
    tokens[:] = random.integers(0, case.rows, 21)
    tokens[:2] = 0, case.rows - 1
    result = guarded((21, case.columns), np.float32, fill=-1)
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
    weights = guarded(OFFSET + len(data), fill=-1)
    weights[NORM:NORM + norm.nbytes] = norm.view(np.int8)
    weights[OFFSET:OFFSET + len(data)] = data.view(np.int8)
    rows = guarded((34, case.columns), np.float32)
    rows[:] = random.standard_normal((34, case.columns))
    rows[3] = 0         # no largest
    rows[4] *= 1e-30    # a scale near the smallest; with a norm, eps rules
    rows[5] *= 1e4
    return max(check_linear(case, program, weight, weights, rows, norm),
               check_embed(case, program, weight, weights, random))


def lane_cases(target):
    tokens = 6 if target == "matrix" else 3
    def case(kind, rows, columns, tokens=tokens, **more):
        return Case(kind, rows, columns, schedule=(4, 0, tokens, more.pop("panels", 2), more.pop("chunk", 64)), target=target, **more)
    yield case("q4_0", 17, 96, residual=True)
    yield case("int4", 33, 160, norm=False, chunk=128)
    yield case("int8", 50, 96, panels=1)
    yield case("int8", 96, 96, gated=True)
    yield case("q4_1", 50, 224, residual=True, chunk=128, tokens=4)
    yield case("q6_k", 17, 272, residual=True)
    yield case("f32", 64, 40, gated=True, tokens=4)
    yield case("f16", 33, 104, norm=False, residual=True, tokens=4)
    yield case("bf16", 17, 72, tokens=4)


def cases(target):
    """Rows and columns that fill neither panel nor step nor chunk. Each compile takes a second or more, so each target has
    the formats that differ on it."""
    if target in ("lanes", "matrix"):
        yield from lane_cases(target)
        return
    yield Case("q4_0", 17, 96, residual=True, target=target)
    yield Case("int4", 33, 160, norm=False, schedule=(1, 0, 3, 2, 128), target=target)
    yield Case("int8", 17, 96, schedule=(3, 0, 1, 2, 64), target=target)
    if target == "vnni512":
        yield Case("q4_0", 96, 96, gated=True, schedule=(4, 0, 2, 2, 64))
        yield Case("q4_1", 50, 224, residual=True, schedule=(1, 0, 4, 1, 128))
        yield Case("f32", 17, 40, schedule=(1, 0, 2, 2, 64))
        yield Case("f16", 33, 104, norm=False, residual=True, schedule=(1, 0, 2, 1, 64))
        yield Case("bf16", 17, 72, schedule=(1, 0, 4, 1, 64))
    if target in ("vnni512", "v3"):
        yield Case("q6_k", 17, 272, residual=True, schedule=(1, 0, 4, 2, 64))
    if target == "v3":
        yield Case("q4_1", 17, 96, schedule=(1, 0, 1, 2, 64))
        yield Case("f32", 64, 40, gated=True, schedule=(1, 0, 1, 2, 64))
    if target == "bf16":
        yield Case("bf16", 17, 40, "bf16", residual=True, schedule=(1, 0, 4, 1, 64))
        yield Case("bf16", 64, 136, "bf16", gated=True, norm=False, schedule=(1, 0, 2, 2, 64))


def main():
    phidias_opt, llvm, *targets = sys.argv[1:]
    tools = {"phidias-opt": phidias_opt, **{tool: f"{llvm}/{tool}" for tool in ("mlir-opt", "mlir-translate", "clang")}}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for target in targets or usable_targets():
            for number, case in enumerate(cases(target)):
                try:
                    part = check_case(case, target, tools, folder, f"{target}{number}")
                    print(f"{target:8} {case.name()}: {part:.2g} of its bound", flush=True)
                except Failure as failure:
                    failures += 1
                    print(f"FAILED {target} {case.name()}: {failure}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
