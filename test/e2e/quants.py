"""GGUF's quantised element types in numpy: random valid blocks, and blocks to numbers.

Formulas: gguf-py's quants.py. Blocks lie along a row:
  Q4_0  32 elements, 18 bytes: d f16, 16 x (low nibble i, high nibble i + 16);      x = d (q - 8)
  Q4_1  32 elements, 20 bytes: d f16, m f16, nibbles as above;                      x = d q + m
  Q8_0  32 elements, 34 bytes: d f16, 32 x i8;                                      x = d q
  Q6_K 256 elements, 210 bytes: 128 x low nibbles, 64 x high pairs, 16 x i8 scale, d f16;  x = d s (q - 32)
"""
import numpy as np

# name -> (ggml type number, elements of a block, bytes of a block)
TYPES = {"f32": (0, 1, 4), "f16": (1, 1, 2), "q4_0": (2, 32, 18), "q4_1": (3, 32, 20), "q8_0": (8, 32, 34),
         "q6_k": (14, 256, 210), "bf16": (30, 1, 2)}


def to_bf16(x):
    """Rounded to the nearest bf16, ties to even, as its 16 bits."""
    u = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype(np.uint16)


def from_bf16(u):
    return (u.astype(np.uint32) << 16).view(np.float32)


def encode(x, kind):
    """Bytes of a float array in a float type."""
    if kind == "bf16":
        return to_bf16(x).tobytes()
    return x.astype({"f32": "<f4", "f16": "<f2"}[kind]).tobytes()


def f16_bytes(x):
    return x.astype("<f2").view(np.uint8).reshape(len(x), 2)


def random_blocks(rng, kind, rows, cols, std):
    """[rows, bytes] of blocks whose numbers have about the standard deviation `std`; every bit pattern occurs."""
    _, elements, size = TYPES[kind]
    assert cols % elements == 0, f"{cols} columns are no multiple of {elements}"
    n = rows * cols // elements
    blocks = rng.randint(0, 256, size=(n, size)).astype(np.uint8)
    # Spread the scale by 2, and sometimes turn its sign: both are valid.
    spread = rng.random_sample(n) + 0.5
    sign = np.where(rng.random_sample(n) < 0.2, -1.0, 1.0)
    if kind == "q4_0":
        blocks[:, 0:2] = f16_bytes(std / 4.6 * spread * sign)
    elif kind == "q4_1":
        step = std / 4.6 * spread
        blocks[:, 0:2] = f16_bytes(step)
        blocks[:, 2:4] = f16_bytes(-7.5 * step)
    elif kind == "q8_0":
        blocks[:, 0:2] = f16_bytes(std / 74 * spread * sign)
    else:
        blocks[:, 208:210] = f16_bytes(std / (18.5 * 74) * spread * sign)
    return blocks.reshape(rows, -1)


def nibbles(packed):
    return np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32)


def f16_column(blocks, at):
    return np.ascontiguousarray(blocks[:, at:at + 2]).view("<f2").astype(np.float32)


def decode_q6_k(b):
    low, high, scales = b[:, :128], b[:, 128:192], b[:, 192:208].copy().view(np.int8)
    out = np.empty((len(b), 256), np.float32)
    for half in range(2):
        l, h = low[:, 64 * half:64 * half + 64], high[:, 32 * half:32 * half + 32]
        for quarter in range(4):
            four = (l[:, 32 * (quarter % 2):32 * (quarter % 2) + 32] >> (4 * (quarter // 2))) & 15
            two = (h >> (2 * quarter)) & 3
            out[:, 128 * half + 32 * quarter:][:, :32] = (four | two << 4).astype(np.float32) - 32
    step = f16_column(b, 208) * scales.astype(np.float32)
    return out * np.repeat(step, 16, axis=1)


def decode(data, kind, shape):
    """A float32 array of `shape` from raw bytes."""
    _, _, size = TYPES[kind]
    if kind == "bf16":
        return from_bf16(np.frombuffer(data, "<u2")).reshape(shape)
    if kind in ("f32", "f16"):
        return np.frombuffer(data, {"f32": "<f4", "f16": "<f2"}[kind]).astype(np.float32).reshape(shape)
    b = np.frombuffer(data, np.uint8).reshape(-1, size)
    if kind == "q4_0":
        x = f16_column(b, 0) * (nibbles(b[:, 2:]) - 8)
    elif kind == "q4_1":
        x = f16_column(b, 0) * nibbles(b[:, 4:]) + f16_column(b, 2)
    elif kind == "q8_0":
        x = f16_column(b, 0) * b[:, 2:].copy().view(np.int8).astype(np.float32)
    else:
        x = decode_q6_k(b)
    return x.reshape(shape)
