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
import sys
import tempfile

import numpy as np

from tile_program import Program, aligned, usable_targets

BOUNDS = {"f32": 1e-5, "f16": 1e-5, "i8": 2e-2}
DTYPE = {"f32": np.float32, "f16": np.float16, "i8": np.int8}
SPLIT_BOUNDS = {"f32": 1e-5, "f16": 1e-5, "i8": 1e-3}  # against the op without splits
ROUNDED_BOUND = 2e-4
LAYERS, LAYER, SCRATCH = 2, 1, 1 << 20


class Case:
    def __init__(self, element, group, dim, tokens, window=None, kv_heads=2, turning=None, longer=False,
                 loud=1.5):
        self.element, self.group, self.dim, self.tokens = element, group, dim, tokens
        self.window, self.kv_heads, self.longer, self.loud = window, kv_heads, longer, loud
        self.heads = group * kv_heads
        self.turning = turning or dim // 2
        self.columns = (self.heads + 2 * kv_heads) * dim
        self.scale = dim ** -0.5
        self.short = (10000.0 ** (-np.arange(self.turning) / self.turning)).astype(np.float32)
        self.long = (self.short * np.float32(0.25)).astype(np.float32)
        self.rope_scale = 1.25 if longer else 1.0

    def text(self):
        rows = f"memref<?x{self.columns}xf32, strided<[{self.columns + 8}, 1]>>"
        out = f"memref<?x{self.heads * self.dim}xf32>"
        cache = f"memref<?xi8> as !phi.cache<{LAYERS} x {self.kv_heads} x {self.dim} x {self.element}>"
        parts = f"memref<?x{self.heads * (self.dim + 2)}xf32>"
        window = f" window {self.window}" if self.window else ""
        values = lambda list: f"dense<[{', '.join(f'{float(x):.9e}' for x in list)}]> : tensor<{len(list)}xf32>"
        longer = f" long {values(self.long)}" if self.longer else ""
        return f"""
func.func @append(%qkv: {rows}, %cache: memref<?xi8>, %scratch: memref<?xi8>, %layer: index, %position: index,
                  %capacity: index, %from: index, %to: index, %long: i1) {{
  phi.tile_append %qkv, %cache[%layer], %scratch at %position, %long capacity %capacity items %from to %to
    heads {self.heads} short {values(self.short)}{longer} scale {self.rope_scale}
    : {rows}, {cache}, memref<?xi8>
  return
}}
func.func @attend(%qkv: {rows}, %cache: memref<?xi8>, %result: {out}, %scratch: memref<?xi8>, %layer: index,
                  %position: index, %count: index, %capacity: index, %from: index, %to: index) {{
  phi.tile_attention %qkv, %cache[%layer], %result, %scratch at %position count %count capacity %capacity
    items %from to %to heads {self.heads} tokens {self.tokens} scale {self.scale}{window}
    : {rows}, {cache}, {out}, memref<?xi8>
  return
}}
func.func @split(%qkv: {rows}, %cache: memref<?xi8>, %result: {out}, %scratch: memref<?xi8>, %layer: index,
                 %position: index, %count: index, %capacity: index, %from: index, %to: index, %splits: index,
                 %partials: {parts}) {{
  phi.tile_attention %qkv, %cache[%layer], %result, %scratch at %position count %count capacity %capacity
    items %from to %to splits %splits partials %partials heads {self.heads} tokens {self.tokens} scale {self.scale}{window}
    : {rows}, {cache}, {out}, memref<?xi8>, {parts}
  return
}}
func.func @combine(%partials: {parts}, %result: {out}, %splits: index, %count: index, %from: index, %to: index) {{
  phi.tile_combine %partials, %result splits %splits count %count items %from to %to heads {self.heads} : {parts}, {out}
  return
}}"""

    FUNCTIONS = {"append": [2, 1, 1] + ["index"] * 5 + ["i1"], "attend": [2, 1, 2, 1] + ["index"] * 6,
                 "split": [2, 1, 2, 1] + ["index"] * 7 + [2], "combine": [2, 2] + ["index"] * 4}

    def name(self):
        return (f"{self.element} group {self.group} dim {self.dim} tokens {self.tokens} window {self.window} "
                f"turning {self.turning} long {self.longer} loud {self.loud}")

    def plane_bytes(self):
        size = np.dtype(DTYPE[self.element]).itemsize
        return self.dim * size + (self.dim // 32 * 2 if self.element == "i8" else 0)


class Cache:
    """The cache's bytes, and what they mean by dialects/phi/PhiBase.td."""

    def __init__(self, case, capacity):
        self.case, self.capacity = case, capacity
        size = LAYERS * 2 * case.kv_heads * capacity * case.plane_bytes()
        self.bytes = aligned(size, fill=-1)  # f32 and f16: NaN where nothing was written

    def region(self, plane, head):
        size = self.capacity * self.case.plane_bytes()
        start = ((LAYER * 2 + plane) * self.case.kv_heads + head) * size
        return self.bytes[start:start + size]

    def keys(self, head):
        """[position][channel] in float64, and the step of each element."""
        case, region, panels = self.case, self.region(0, head), self.capacity // 16
        if case.element != "i8":
            stored = region.view(DTYPE[case.element]).reshape(panels, case.dim, 16)
            return stored.transpose(0, 2, 1).reshape(-1, case.dim).astype(np.float64), None
        codes = region[:self.capacity * case.dim].view(np.uint8).reshape(panels, case.dim // 4, 16, 4)
        codes = codes.transpose(0, 2, 1, 3).reshape(-1, case.dim).astype(np.float64) - 128
        scales = region[self.capacity * case.dim:].view(np.float16).reshape(panels, case.dim // 32, 16)
        steps = scales.transpose(0, 2, 1).reshape(-1, case.dim // 32).astype(np.float64).repeat(32, 1)
        return codes * steps, steps

    def values(self, head):
        case, region = self.case, self.region(1, head)
        if case.element != "i8":
            return region.view(DTYPE[case.element]).reshape(-1, case.dim).astype(np.float64), None
        codes = region[:self.capacity * case.dim].reshape(-1, case.dim, 4).transpose(0, 2, 1)
        codes = codes.reshape(-1, case.dim).astype(np.float64)
        steps = region[self.capacity * case.dim:].view(np.float16).reshape(-1, case.dim // 32)
        steps = steps.astype(np.float64).repeat(32, 1)
        return codes * steps, steps


def rope(case, heads, positions, use_long):
    """heads: [token][head][channel] in float64."""
    n = case.turning
    frequency = case.long if use_long and case.longer else case.short
    angle = (positions.astype(np.float32)[:, None] * frequency[None]).astype(np.float64)
    cos, sin = np.cos(angle)[:, None] * case.rope_scale, np.sin(angle)[:, None] * case.rope_scale
    low, high = heads[..., :n], heads[..., n:2 * n]
    return np.concatenate([low * cos - high * sin, high * cos + low * sin, heads[..., 2 * n:]], -1)


def attention(case, queries, keys, values, position):
    """queries [token][group][channel]; keys, values [position][channel]; all float64."""
    result = np.empty_like(queries)
    for t in range(len(queries)):
        last = position + t
        first = max(0, last - case.window + 1) if case.window else 0
        scores = queries[t] @ keys[first:last + 1].T * case.scale
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        result[t] = weights @ values[first:last + 1] / weights.sum(-1, keepdims=True)
    return result


def quantized(queries):
    """8 bits per 32 channels, rounded in f32 as the op does."""
    groups = queries.astype(np.float32).reshape(*queries.shape[:-1], -1, 32)
    largest = np.abs(groups).max(-1, keepdims=True)
    codes = np.rint(groups * (np.float32(127) / largest))
    return (codes.astype(np.float64) * largest / 127).reshape(queries.shape)


def bound(case):
    return BOUNDS[case.element] * (case.loud if case.loud > 2 else 1)


def fill(array, value):
    array[:] = value
    return array


class Failure(Exception):
    pass


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
    partials = fill(aligned(splits * count * case.heads * (case.dim + 2), np.float32), np.nan).reshape(splits * count, -1)
    result = fill(aligned(count * case.heads * case.dim, np.float32), np.nan).reshape(count, -1)
    items = -(-count // case.tokens) * case.kv_heads * splits
    for first, end in ((0, items // 3), (items // 3, items)):
        program.call("split", qkv, cache.bytes, result, scratch, LAYER, position, count, cache.capacity, first, end, splits,
                     partials)
    for first, end in ((0, 1), (1, count * case.heads)):
        program.call("combine", partials, result, splits, count, first, end)
    return result


def check_pass(case, program, cache, random, position, count, use_long):
    """Appends a pass and attends; returns the error relative to its bound."""
    buffer = np.empty((count, case.columns + 8), np.float32)
    qkv = buffer[:, :case.columns]
    qkv[:] = random.standard_normal(qkv.shape) * case.loud
    original = qkv.astype(np.float64)
    scratch = aligned(SCRATCH, fill=-1)
    check_append(case, cache, original, qkv, position, use_long, program, scratch)
    scratch = aligned(SCRATCH, fill=-1)
    result = fill(aligned(count * case.heads * case.dim, np.float32), np.nan).reshape(count, -1)
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
    cache = Cache(case, 144)
    worst = 0.0
    for position, count in PASSES:
        try:
            worst = max(worst, check_pass(case, program, cache, random, position, count, use_long=case.longer))
        except Failure as failure:
            raise Failure(f"{target} {case.name()} at {position} count {count}: {failure}") from None
    return worst


def cases():
    for element in ("f32", "f16", "i8"):
        yield Case(element, 4, 128, 16)
        yield Case(element, 4, 128, 1)
        yield Case(element, 1, 64, 1)
        yield Case(element, 3, 96, 1, window=20, turning=36)
        yield Case(element, 3, 64, 8, window=5, longer=True)
        yield Case(element, 1, 96, 33)
    yield Case("f32", 3, 16, 2)
    yield Case("f32", 4, 64, 1, loud=12.0)  # scores of several hundreds: overflow but for the largest
    yield Case("f16", 3, 16, 11, window=70)
    yield Case("f32", 1, 12, 1, turning=5)
    yield Case("f16", 2, 20, 9, turning=3)


def main():
    phidias_opt, llvm, *targets = sys.argv[1:]
    tools = {"phidias-opt": phidias_opt, **{tool: f"{llvm}/{tool}" for tool in ("mlir-opt", "mlir-translate", "clang")}}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for target in targets or usable_targets(("vnni512", "v4", "v3", "signed", "lanes")):
            for case in cases():
                if target == "signed" and case.element != "i8":
                    continue
                try:
                    print(f"{target:8} {case.name()}: {check_case(case, target, tools, folder):.2g}", flush=True)
                except Failure as failure:
                    failures += 1
                    print(f"FAILED {failure}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
