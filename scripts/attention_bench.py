#!/usr/bin/env python3
"""Times the attention stage at Phi-4's shapes (40 heads, 10 kv heads, 128 channels) on one core, beside what the core can do.

usage: attention_bench.py PHIDIAS-OPT LLVM-TOOLS-FOLDER [TARGET]

decode   one token at context 4096, all 40 layers: time over that of reading the same bytes of cache from memory
prefill  a chunk of 256 tokens at several positions: share of the f32 FMA peak, counting the causal part alone
Both yardsticks are taken between the runs, layer by layer; figures are of the lower quartile, as the machine may be shared.
"""
import ctypes
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../test/lib/Vectorize"))
from tile_program import Program, aligned, usable_targets  # noqa: E402

HEADS, KV_HEADS, DIM, LAYERS = 40, 10, 128, 40
COLUMNS = (HEADS + 2 * KV_HEADS) * DIM
BYTES = {"f32": 4 * DIM, "f16": 2 * DIM, "i8": DIM + DIM // 32 * 2}  # a position of a head's keys

YARDSTICKS = r"""
typedef unsigned long Line __attribute__((vector_size(64)));
typedef float Floats __attribute__((vector_size(64)));
unsigned long read_all(const char *p, unsigned long bytes) {
  unsigned long part = bytes / 4 & ~255ul;
  Line s[4] = {};
  for (unsigned long i = 0; i + 64 <= part; i += 64)
    for (int k = 0; k < 4; ++k) {
      __builtin_prefetch(p + k * part + i + 4096);
      s[k] ^= *(const Line *)(p + k * part + i);
    }
  s[0] ^= s[1] ^ s[2] ^ s[3];
  return s[0][0] ^ s[0][1] ^ s[0][2] ^ s[0][3] ^ s[0][4] ^ s[0][5] ^ s[0][6] ^ s[0][7];
}
float multiply_add(long rounds, float x) {
  Floats a = {}, c[12] = {};
  a += x;
  for (long r = 0; r < rounds; ++r) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 12; ++k)
      c[k] = __builtin_elementwise_fma(a, a, c[k]);
    asm volatile("" : "+v"(a));
  }
  for (int k = 1; k < 12; ++k)
    c[0] += c[k];
  return c[0][0];
}
"""


def yardsticks(tools, folder):
    source, library = os.path.join(folder, "yard.c"), os.path.join(folder, "yard.so")
    with open(source, "w") as out:
        out.write(YARDSTICKS)
    subprocess.run([tools["clang"], "-O3", "-march=native", "-mprefer-vector-width=512", "-shared", "-fPIC", source, "-o",
                    library], check=True)
    yard = ctypes.CDLL(library)
    yard.multiply_add.restype = ctypes.c_float
    return yard


def text(element, tokens):
    rows, out = f"memref<?x{COLUMNS}xf32>", f"memref<?x{HEADS * DIM}xf32>"
    cache = f"memref<?xi8> as !phi.cache<{LAYERS} x {KV_HEADS} x {DIM} x {element}>"
    return f"""
func.func @attend(%qkv: {rows}, %cache: memref<?xi8>, %result: {out}, %scratch: memref<?xi8>, %layer: index,
                  %position: index, %count: index, %capacity: index, %from: index, %to: index) {{
  phi.tile_attention %qkv, %cache[%layer], %result, %scratch at %position count %count capacity %capacity
    items %from to %to heads {HEADS} tokens {tokens} scale {DIM ** -0.5} : {rows}, {cache}, {out}, memref<?xi8>
  return
}}"""


class Stage:
    def __init__(self, element, tokens, target, tools, folder, capacity, count, layers):
        self.program = Program(text(element, tokens), target, folder, tools, {"attend": [2, 1, 2, 1] + ["index"] * 6},
                               f"{element}{tokens}{capacity}{count}")
        self.layer_bytes = 2 * KV_HEADS * capacity * BYTES[element]
        self.cache = aligned(layers * self.layer_bytes, fill=0x11)  # small numbers in every type
        self.qkv = aligned(count * COLUMNS, np.float32).reshape(count, COLUMNS)
        self.qkv[:] = np.random.default_rng(1).standard_normal(self.qkv.shape)
        self.result = aligned(count * HEADS * DIM, np.float32).reshape(count, -1)
        self.scratch = aligned(1 << 20, fill=0)
        self.tokens, self.capacity, self.count = tokens, capacity, count

    def run(self, layer, position):
        items = -(-self.count // self.tokens) * KV_HEADS
        self.program.call("attend", self.qkv, self.cache, self.result, self.scratch, layer, position, self.count,
                          self.capacity, 0, items)


def seconds(body):
    """Of the processor, so that being interrupted by others does not count."""
    start = time.thread_time()
    body()
    return time.thread_time() - start


def quartile(times):
    return sorted(times)[len(times) // 4]


def decode(element, target, tools, folder, yard, context=4096):
    stage = Stage(element, 1, target, tools, folder, context, 1, LAYERS)
    base = stage.cache.ctypes.data
    ours, read = [], []
    for _ in range(5):
        # Which half of the layers is read and which attended to changes, so that neither finds it in a cache.
        for layer in range(0, LAYERS, 2):
            ours.append(seconds(lambda: stage.run(layer, context - 1)))
            other = ctypes.c_void_p(base + (layer + 1) * stage.layer_bytes)
            read.append(seconds(lambda: yard.read_all(other, ctypes.c_ulong(stage.layer_bytes))))
    mine, memory = quartile(ours), quartile(read)
    print(f"decode  {element:4} context {context}: {stage.layer_bytes / 1e6:.1f} MB a layer, {mine * 1e3:.3f} ms, reading alone "
          f"{memory * 1e3:.3f} ms ({stage.layer_bytes / memory / 1e9:.1f} GB/s): ratio {mine / memory:.2f}", flush=True)


def prefill(element, target, tools, folder, yard, positions=(0, 256, 1792), count=256, tokens=16):
    stage = Stage(element, tokens, target, tools, folder, 2048, count, 1)
    rounds = 200000
    for position in positions:
        ours, peak = [], []
        for _ in range(12):
            ours.append(seconds(lambda: stage.run(0, position)))
            peak.append(seconds(lambda: yard.multiply_add(ctypes.c_long(rounds), ctypes.c_float(1))))
        pairs = sum(position + t + 1 for t in range(count))
        work = 4 * DIM * HEADS * pairs / quartile(ours)
        best = rounds * 12 * 16 * 2 / quartile(peak)
        print(f"prefill {element:4} {count} tokens at {position}: {work / 1e9:.1f} of {best / 1e9:.1f} GFLOP/s: {work / best:.2f}",
              flush=True)


def main():
    phidias_opt, llvm, *rest = sys.argv[1:]
    target = rest[0] if rest else usable_targets()[0]
    elements = rest[1:] or ("i8", "f16", "f32")
    tools = {"phidias-opt": phidias_opt, **{tool: f"{llvm}/{tool}" for tool in ("mlir-opt", "mlir-translate", "clang")}}
    with tempfile.TemporaryDirectory() as folder:
        yard = yardsticks(tools, folder)
        for element in elements:
            decode(element, target, tools, folder, yard)
            prefill(element, target, tools, folder, yard)


if __name__ == "__main__":
    main()
