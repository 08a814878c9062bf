"""Writes and reads GGUF files, version 3, little-endian.

  magic "GGUF" | u32 version | u64 tensors | u64 keys
  key: string name | u32 type | value          string: u64 length | bytes     array: u32 type | u64 count | values
  tensor: string name | u32 dims | u64 extent x dims, innermost first | u32 type | u64 offset from the data section
  padding to 32 | data, each tensor aligned to 32
"""
import mmap
import struct

import numpy as np

import quants

ALIGNMENT = 32
U32, I32, F32, BOOL, STRING, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", U32: "I", I32: "i", F32: "f", BOOL: "?", U64: "Q", 11: "q", 12: "d"}


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(x):
    """A Python value with its type: bool, int -> u32, float -> f32, str, list of str."""
    if isinstance(x, bool):
        return struct.pack("<I?", BOOL, x)
    if isinstance(x, int):
        return struct.pack("<II", U32, x)
    if isinstance(x, float):
        return struct.pack("<If", F32, x)
    if isinstance(x, str):
        return struct.pack("<I", STRING) + string(x)
    return struct.pack("<IIQ", ARRAY, STRING, len(x)) + b"".join(map(string, x))


def padding(n):
    return b"\0" * (-n % ALIGNMENT)


def write(path, metadata, tensors):
    """`tensors`: list of (name, kind, shape outermost first, bytes)."""
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    head += b"".join(string(k) + value(v) for k, v in metadata.items())
    at = 0
    for name, kind, shape, data in tensors:
        head += string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        head += struct.pack("<IQ", quants.TYPES[kind][0], at)
        at += len(data) + len(padding(len(data)))
    with open(path, "wb") as f:
        f.write(head + padding(len(head)))
        for _, _, _, data in tensors:
            f.write(data + padding(len(data)))


class Reader:
    """metadata: dict; tensors: dict name -> (kind, shape, bytes view)."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        magic, _, tensors, keys = struct.unpack_from("<4sIQQ", self.data, 0)
        assert magic == b"GGUF", path
        self.at = 24
        self.metadata = {self.text(): self.typed(self.take("I")) for _ in range(keys)}
        found = [self.tensor() for _ in range(tensors)]
        base = self.at + (-self.at % self.metadata.get("general.alignment", ALIGNMENT))
        view = memoryview(self.data)
        self.tensors = {n: (k, s, view[base + o:base + o + b]) for n, k, s, o, b in found}

    def take(self, code):
        x, = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return x

    def text(self):
        n = self.take("Q")
        self.at += n
        return self.data[self.at - n:self.at].decode("utf-8", "surrogateescape")

    def typed(self, kind):
        if kind == STRING:
            return self.text()
        if kind != ARRAY:
            return self.take(SCALARS[kind])
        inner, count = self.take("I"), self.take("Q")
        return [self.typed(inner) for _ in range(count)]

    def tensor(self):
        name = self.text()
        shape = [self.take("Q") for _ in range(self.take("I"))][::-1]
        number, offset = self.take("I"), self.take("Q")
        kind, elements, size = next((k, e, b) for k, (n, e, b) in quants.TYPES.items() if n == number)
        return name, kind, shape, offset, int(np.prod(shape)) // elements * size

    def array(self, name):
        kind, shape, data = self.tensors[name]
        return quants.decode(data, kind, shape)
