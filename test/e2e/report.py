#!/usr/bin/env python3
"""compile --report tells what the code is: its counts are those of the assembly, its bytes and operations those of the model's
shapes; and compile warns of stages that are slow though no one asked for that.

usage: report.py PHIDIAS
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

import quants
import toy_gguf
import toys
from program import Failure, main, run
from toy_list import toy
from toy_weights import split, weights

TARGET = "--target=x86-64-v4+avx512vnni"


def expect(what, got, expected):
    if got != expected:
        raise Failure(f"{what}: expected {expected}, got {got}")
    print(f"{what}: {got}")


def report(phidias, path, *flags):
    text = run([phidias, "compile", path, "--report=json", "--bandwidth=10", TARGET, *flags])
    return {stage["name"]: stage for stage in json.loads(text)["stages"]}


def loops(assembly):
    """Instructions of each innermost loop: name → how many."""
    lines, labels = assembly.splitlines(), {}
    for i, line in enumerate(lines):
        if label := re.match(r"(\.LBB\w+):", line):
            labels[label[1]] = i
        jump = re.match(r"\tj\w+\t(\.LBB\w+)", line)
        if jump and jump[1] in labels:
            body = [part.split("\t")[1] for part in lines[labels[jump[1]]:i] if re.match(r"\t[a-z]", part)]
            if not any(name.startswith("j") for name in body):
                yield {name: body.count(name) for name in set(body)}


def check_counts(phidias, path, stage):
    """The block of a long pass: the loop with that many dot products which asks for no weights ahead, to the second cache."""
    block = stage["inner_block"]
    assembly = run([phidias, "compile", path, "--emit=asm", "-o", "-", TARGET])
    found = [loop for loop in loops(assembly)
             if loop.get("vpdpbusd") == block["products"] and "prefetcht1" not in loop]
    others = {sum(count for name, count in loop.items() if name.startswith(("vcvt", "vmul", "vfmadd", "vpadd", "vps")))
              for loop in found}
    if block["others"] not in others:
        raise Failure(f"{stage['name']}: expected a loop of {block['products']} vpdpbusd with {block['others']} "
                      f"others, found {sorted(others)}")
    expect("share of P", round(block["peak_share"], 9), round(block["products"] / (block["products"] + block["others"]), 9))


def check_blocks(phidias, path, columns):
    """int4 rescales its sums once a block, which is a power of two that divides the columns."""
    stage = report(phidias, path, "--quantize=int4")["qkv"]
    block, groups = stage["inner_block"], min(columns & -columns, 256) // 32
    expect("groups of a block, more than one", groups > 1, True)
    sums = block["products"] / 8
    expect("others", block["others"], 3 * sums / groups)
    expect("share of P in blocks", round(block["peak_share"], 9), round(8 / (8 + 3 / groups), 9))


def check_shapes(stages, t):
    rows, columns = 2 * t["ffn"], t["hidden"]
    stage = stages["gate_up"]
    expect("shape", (stage["weight"]["rows"], stage["weight"]["columns"]), (rows, columns))
    expect("operations", stage["ops_per_token"], 2 * rows * columns * t["layers"])
    # q4_1: 5 bits a weight; rows come by 16, columns by 64. And the norm, in f32.
    stored = -(-rows // 16) * 16 * -(-columns // 64) * 64 * 5 // 8 + 4 * columns
    expect("bytes", stage["bytes"], stored * t["layers"])
    expect("decode at 10 GB/s", round(stage["decode_ms"], 9), round(stored * t["layers"] / 10e9 * 1e3, 9))


def check_warning(phidias, path, flags, stage, words):
    done = subprocess.run([phidias, "compile", path, "--report", *flags], capture_output=True, text=True)
    warnings = [line for line in done.stderr.splitlines() if f"stage {stage}:" in line]
    if done.returncode or len(warnings) != bool(words) or not all(word in warnings[0] for word in words):
        raise Failure(f"stage {stage}: expected a warning with {words}, got {done.stderr}")
    if words and f"(!) {stage}: " not in done.stdout:
        raise Failure(f"the report does not mark {stage}: {done.stdout}")
    print(f"{stage}, {' '.join(flags)}: {warnings}")


def make_mixed(folder):
    """Q and K in q4_1 and V in q8_0: they become one matrix."""
    t, rng = toy("gguf-llama-q4_1"), np.random.RandomState(1)
    os.makedirs(folder)
    tensors = []
    for role, name, kind, shape, rows in (part for tensor in weights(t) for part in split(t, tensor)):
        if role == "v":
            kind, rows = "q8_0", quants.random_blocks(rng, "q8_0", *shape, 0.1)
        tensors.append((role, name, kind, shape, rows))
    return toy_gguf.write(t, tensors, folder)


def check(phidias):
    with tempfile.TemporaryDirectory() as work:
        def make(name):
            return toys.make(name, os.path.join(work, name))[0]
        q4 = make("gguf-llama-q4_1")
        stages = report(phidias, q4)
        check_shapes(stages, toy("gguf-llama-q4_1"))
        for name in ("gate_up", "head"):
            expect(name, stages[name]["product"], {"instruction": "vpdpbusd", "native": True, "count": 1})
            check_counts(phidias, q4, stages[name])
        check_blocks(phidias, q4, toy("gguf-llama-q4_1")["hidden"])
        check_warning(phidias, q4, [], "gate_up", [])
        check_warning(phidias, make("gguf-llama-q6_k"), [], "down", ["q6_k", "no unpacked form"])
        mixed = make_mixed(os.path.join(work, "mixed"))
        check_warning(phidias, mixed, ["--quantize=keep"], "qkv", ["parts have different types", "f32"])
        check_warning(phidias, mixed, ["--quantize=f32"], "qkv", [])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(check, sys.argv[1])
