#!/usr/bin/env python3
"""Writes DecodeTable.inc: seeded random blocks of each type, and what gguf-py makes of them, as the bits of f32.

usage: make_decode_table.py > DecodeTable.inc
needs: pip install gguf numpy
"""
import gguf
import numpy as np

# Where the f16 scales of a block lie: random bits there could be inf or nan.
SCALES = {"F16": [0, 2, 4, 6], "Q4_0": [0], "Q4_1": [0, 2], "Q8_0": [0], "Q6_K": [208]}


def numbers(values, width):
    words = [f"0x{v:0{width}x}" for v in values]
    return ", ".join(words)


def main():
    rng = np.random.default_rng(20)
    print("// Made by make_decode_table.py with gguf-py's quants.py; not edited by hand.\n// clang-format off")
    for name in ("F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0", "Q6_K"):
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        size = size * 4 if elements == 1 else size
        block = rng.integers(0, 256, size, dtype=np.uint8)
        for at in SCALES.get(name, []):
            block[at:at + 2] = np.frombuffer(np.float16(rng.normal()).tobytes(), np.uint8)
        if name == "F16":  # subnormal, the largest, minus zero
            block[2:8] = np.frombuffer(np.array([0x0123, 0x7bff, 0x8000], "<u2").tobytes(), np.uint8)
        data = block.view(np.float32) if name == "F32" else block.view(np.float16) if name == "F16" else block
        result = gguf.quants.dequantize(data, kind).astype(np.float32).view(np.uint32).reshape(-1)
        print(f"{{ElementType::{name}, {{{numbers(block, 2)}}},\n {{{numbers(result, 8)}}}}},")


if __name__ == "__main__":
    main()
