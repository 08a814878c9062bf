"""Weights in panels (dialects/phi/Panel.md) in numpy: random ones, their bytes, and the numbers that they stand for."""
import numpy as np

CODEBOOK = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
TYPES = {
    "q4_0": "!phi.quantized<bits = 4, group = 32, scale = f16, zero = 8>",
    "q4_1": "!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, minimum = f16>",
    "int4": f"!phi.quantized<bits = 4, group = 32, scale = f16, zero = 0, codebook = {CODEBOOK}>",
    "int8": "!phi.quantized<bits = 8, group = 32, scale = f16, zero = 128>",
    "q6_k": "!phi.quantized<bits = 6, group = 16, scale = i8, zero = 32, super = f32>",
    "f32": "f32", "f16": "f16", "bf16": "bf16",
}
BITS = {"q4_0": 4, "q4_1": 4, "int4": 4, "int8": 8, "q6_k": 6}
ZERO = {"q4_0": 8, "q4_1": 0, "int4": 0, "int8": 128, "q6_k": 32}


def rounded_to_bf16(x):
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def f64_of_bf16(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)


class Weight:
    """[rows, columns]; `values` in float64; of codes also `integers` (code less zero, or the codebook's entry), `scales` and
    `minima` by group, in float64."""

    def __init__(self, kind, rows, columns, random):
        self.kind, self.rows, self.columns = kind, rows, columns
        self.padded_rows, self.padded_columns = -(-rows // 16) * 16, -(-columns // 64) * 64
        self.minima = None
        if kind in BITS:
            self.make_codes(random)
        else:
            self.make_floats(random)

    def pad(self, x, columns, fill):
        full = np.full((self.padded_rows, columns), fill, x.dtype)
        full[:self.rows, :x.shape[1]] = x
        return full

    def make_floats(self, random):
        x = random.standard_normal((self.rows, self.columns)).astype(np.float32)
        if self.kind == "bf16":
            self.stored = self.pad(rounded_to_bf16(x), self.padded_columns, 0)
            self.values = f64_of_bf16(self.stored)[:self.rows, :self.columns]
        else:
            self.stored = self.pad(x.astype({"f32": np.float32, "f16": np.float16}[self.kind]), self.padded_columns, 0)
            self.values = self.stored[:self.rows, :self.columns].astype(np.float64)

    def make_codes(self, random):
        """Every code occurs, the largest and the smallest in whole groups too."""
        kind, group = self.kind, 16 if self.kind == "q6_k" else 32
        codes = random.integers(0, 1 << BITS[kind], (self.rows, self.columns)).astype(np.uint8)
        codes[0, :32], codes[1, :32] = 0, (1 << BITS[kind]) - 1
        self.group = group
        groups, padded = -(-self.columns // group), self.padded_columns // group
        if kind == "q6_k":
            scales = random.integers(-128, 128, (self.rows, groups)).astype(np.int8)
            supers = random.uniform(-1e-3, 1e-3, (self.rows, self.padded_columns // 64)).astype(np.float32)
            self.supers = self.pad(supers, supers.shape[1], 0)
            wide = np.repeat(supers.astype(np.float64), 4, axis=1)[:, :groups]
            self.scales = scales * wide
        else:
            scales = random.uniform(-1e-2, 1e-2, (self.rows, groups)).astype(np.float16)
            scales[2] = 0
            self.scales = scales.astype(np.float64)
        if kind == "q4_1":
            minima = random.uniform(-0.1, 0.1, (self.rows, groups)).astype(np.float16)
            self.minima, self.stored_minima = minima.astype(np.float64), self.pad(minima, padded, 0)
        self.stored, self.stored_scales = self.pad(codes, self.padded_columns, ZERO[kind]), self.pad(scales, padded, 0)
        self.integers = np.array(CODEBOOK)[codes] if kind == "int4" else codes.astype(np.int64) - ZERO[kind]
        wide = lambda x: np.repeat(x, group, axis=1)[:, :self.columns]
        self.values = self.integers * wide(self.scales) + (wide(self.minima) if self.minima is not None else 0)

    def bytes(self):
        parts = [self.step(panel, step) for panel in range(self.padded_rows // 16)
                 for step in range(self.padded_columns // 64)]
        return np.concatenate(parts)

    def step(self, panel, step):
        rows, columns = slice(16 * panel, 16 * panel + 16), slice(64 * step, 64 * step + 64)
        block = self.stored[rows, columns]
        if self.kind in ("f32", "f16"):
            return np.ascontiguousarray(block.T).view(np.uint8).ravel()
        if self.kind == "bf16":
            return np.ascontiguousarray(block.reshape(16, 32, 2).swapaxes(0, 1)).view(np.uint8).ravel()
        lines = self.code_lines(block)
        per = 64 // self.group
        groups = slice(per * step, per * step + per)
        lines.append(np.ascontiguousarray(self.stored_scales[rows, groups].T).view(np.uint8).ravel())
        if self.minima is not None:
            lines.append(np.ascontiguousarray(self.stored_minima[rows, groups].T).view(np.uint8).ravel())
        if self.kind == "q6_k":
            lines.append(np.ascontiguousarray(self.supers[rows, step]).view(np.uint8).ravel())
        return np.concatenate(lines)

    def code_lines(self, block):
        quad = lambda first: block[:, first:first + 4]
        lines = []
        for h in (0, 32):
            if self.kind == "int8":
                lines += [quad(h + 4 * j).ravel() for j in range(8)]
            else:
                lines += [((quad(h + 4 * j) & 15) | (quad(h + 16 + 4 * j) & 15) << 4).ravel() for j in range(4)]
        for h in (0, 32) if self.kind == "q6_k" else ():
            for side in (0, 16):
                lines.append(np.bitwise_or.reduce([(quad(h + side + 4 * j) >> 4) << 2 * j for j in range(4)]).ravel())
        return lines
