"""What tile_attention_numerics.py compiles: the ops with their shapes, and the cache that they share."""
import numpy as np

DTYPE = {"f32": np.float32, "f16": np.float16, "i8": np.int8}
LAYERS, LAYER = 2, 1


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

    def __init__(self, case, capacity, program):
        self.case, self.capacity = case, capacity
        size = LAYERS * 2 * case.kv_heads * capacity * case.plane_bytes()
        self.bytes = program.aligned(size, fill=-1)  # f32 and f16: NaN where nothing was written

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


def cases(target):
    """Signed codes alone change what is made of a cache of i8."""
    return (case for case in all_cases() if target != "signed" or case.element == "i8")


def all_cases():
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
