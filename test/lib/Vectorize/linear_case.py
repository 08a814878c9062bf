"""What tile_linear_numerics.py compiles, and for which target."""
import math

from panels import TYPES, ZERO
from tile_targets import TARGETS

EPS = 1e-5


class Case:
    def __init__(self, kind, rows, columns, activation=None, gated=False, residual=False, norm=True,
                 schedule=(2, 1, 4, 2, 64), target="v3", blocks=False, few_prefetch=6):
        self.kind, self.rows, self.columns, self.gated = kind, rows, columns, gated
        self.residual, self.norm, self.schedule, self.few_prefetch = residual, norm, schedule, few_prefetch
        self.codes = kind in ZERO
        self.activation = activation or ("i8" if self.codes else "f32")
        self.results = rows // 2 if gated else rows
        self.padded = -(-columns // 64) * 64
        self.group = 16 if kind == "q6_k" else 32
        # Columns that share an activation's scale, and in long passes a weight's (lib/Vectorize/Linear/Rescale.h).
        self.block = math.gcd(self.padded, 256) if kind == "int4" and blocks else 32
        self.wide = math.gcd(self.block, self.schedule[4])
        self.values = self.padded * {"i8": 1, "bf16": 2, "f32": 4}[self.activation]
        self.signed, self.lanes = TARGETS[target].signed_codes, TARGETS[target].value_lanes
        self.few = 2 if self.lanes else TARGETS[target].lanes // 2 if TARGETS[target].small_loops else 8  # tokens, at most
        self.pairs = TARGETS[target].matrix and self.codes
        sums = self.padded // 32 * 4 + self.padded // self.group * 4 if self.codes else 0
        sums *= 2 if self.pairs else 1
        sums += self.padded // self.block * 4 if self.block > 32 and not self.pairs else 0
        self.record = -(-(self.values + sums) // 64) * 64

    def name(self):
        return (f"{self.kind} by {self.activation} {self.rows}x{self.columns}{' gated' * self.gated}"
                f"{' residual' * self.residual}{' norm' * self.norm} schedule {(*self.schedule, self.few_prefetch)}")

    def text(self):
        weight = f"tensor<{self.rows}x{self.columns}x{TYPES[self.kind]}>"
        result, rows = f"memref<?x{self.results}xf32>", f"memref<?x{self.columns}xf32>"
        norm = f"norm %weights[%norm] eps {EPS:.1e}" if self.norm else "norm %weights"
        residual = f"residual %result : {result}" if self.residual else ""
        fields = ("streams", "prefetch", "tokens", "panels", "chunk")
        schedule = ", ".join(f"{name} = {value}" for name, value in zip(fields, self.schedule)) + f", few_prefetch = {self.few_prefetch}"
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
            unpacked = chunk * 16 + chunk // self.wide * ((2 if self.kind == "q4_1" else 1) * line + vectors * (line + 64))
        elif self.codes:
            unpacked += (2 if self.kind == "q4_1" else 1) * chunk // 32 * 64
        return panels * (unpacked + -(-tokens // tile) * tile * 64)

    FUNCTIONS = {"prepare": [2, "index", 1, 1, "index", "index", "index"],
                 "linear": [1, 1, "index", 2, 1, "index", "index", "index"],
                 "embed": [1, 1, "index", 2, "index", "index"]}


def lane_cases(target):
    tokens = 6 if TARGETS[target].matrix else 3

    def case(kind, rows, columns, tokens=tokens, panels=2, chunk=64, **more):
        return Case(kind, rows, columns, schedule=(4, 0, tokens, panels, chunk), target=target, blocks=True, **more)
    yield case("q4_0", 17, 96, residual=True)
    yield case("int4", 33, 160, norm=False, chunk=128)
    yield case("int4", 17, 470, chunk=256)
    yield case("int8", 50, 96, panels=1)
    yield case("int8", 96, 96, gated=True)
    yield case("q4_1", 50, 224, residual=True, chunk=128, tokens=4)
    yield case("q6_k", 17, 272, residual=True)
    yield case("f32", 64, 40, gated=True, tokens=4)
    yield case("f16", 33, 104, norm=False, residual=True, tokens=4)
    yield case("bf16", 17, 72, tokens=4)


def cases(target):
    """Rows and columns that fill neither panel nor step nor chunk. Each compile takes a second or more, so each target of
    x86-64 has the formats that differ on it."""
    if TARGETS[target].value_lanes:
        yield from lane_cases(target)
    else:
        yield from quad_cases(target, TARGETS[target].arch == "arm")
    if TARGETS[target].bf16:
        yield Case("bf16", 17, 40, "bf16", residual=True, schedule=(1, 0, 4, 1, 64), target=target)
        yield Case("bf16", 64, 136, "bf16", gated=True, norm=False, schedule=(1, 0, 2, 2, 64), target=target)


def quad_cases(target, every):
    def case(*words, **more):
        return Case(*words, target=target, blocks=True, **more)
    yield case("q4_0", 17, 96, residual=True)
    yield case("int4", 33, 160, norm=False, schedule=(1, 0, 3, 2, 128))
    yield case("int4", 17, 470, residual=True, schedule=(1, 0, 3, 2, 256))
    yield case("int8", 17, 96, schedule=(3, 0, 1, 2, 64))
    if target == "vnni512" or every:
        yield case("q4_0", 96, 96, gated=True, schedule=(4, 0, 2, 2, 64))
        yield case("q4_1", 50, 224, residual=True, schedule=(1, 0, 4, 1, 128))
        yield case("f32", 17, 40, schedule=(1, 0, 2, 2, 64))
        yield case("f16", 33, 104, norm=False, residual=True, schedule=(1, 0, 2, 1, 64))
        yield case("bf16", 17, 72, schedule=(1, 0, 4, 1, 64))
    if target == "vnni512" or every:
        yield case("int4", 17, 470, schedule=(1, 0, 2, 2, 64))
    if target in ("vnni512", "v3", "small") or every:
        yield case("q6_k", 17, 272, residual=True, schedule=(1, 0, 4, 2, 64))
    if target in ("v3", "small") or every:
        yield case("q4_1", 17, 96, schedule=(1, 0, 1, 2, 64))
        yield case("f32", 64, 40, gated=True, schedule=(1, 0, 1, 2, 64))
