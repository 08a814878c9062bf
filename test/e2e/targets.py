#!/usr/bin/env python3
"""A program for many machines runs the best code that this one can, one for a machine that lacks something says what, and all
of them compute the same.

usage: targets.py PHIDIAS
"""
import json
import os
import sys
import tempfile

import numpy as np

import toys
from machines import host_flags
from program import Failure, compile_model, expect_close, main

# Best first, with flags of /proc/cpuinfo (the kernel's names) that tell the levels apart, and the one that a message names.
V3 = {"avx2", "bmi2", "f16c", "fma", "abm", "movbe"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
LEVELS = {
    "x86-64-v4+avx512vnni+avx512bf16": V4 | {"avx512_vnni", "avx512_bf16"},
    "x86-64-v4+avx512vnni": V4 | {"avx512_vnni"},
    "x86-64-v4": V4,
    "x86-64-v3+avxvnni": V3 | {"avx_vnni"},
    "x86-64-v3": V3,
}
TOKENS = list(range(3, 43))


def check_refusal(program, lacking):
    line, names = program.refusal("generate", "--tokens", "3"), {name.replace("_", "") for name in lacking}
    if not any(name in line for name in names):
        raise Failure(f"expected a line about {sorted(names)}, got {line}")


def check(phidias):
    flags, expected = host_flags(), None
    with tempfile.TemporaryDirectory() as work:
        path, _ = toys.make("phi3-gqa", os.path.join(work, "toy"))
        for level, needs in reversed(LEVELS.items()):
            program = compile_model(phidias, path, os.path.join(work, "one"), "--quantize=int8", "--target=" + level)
            if not needs <= flags:
                check_refusal(program, needs - flags)
                continue
            got = program.logits(TOKENS)
            expected = got if expected is None else expected
            expect_close(level, got, expected, 1e-5 * float(np.abs(expected).max()))
        program = compile_model(phidias, path, os.path.join(work, "many"), "--quantize=int8", "--target=x86-64")
        if not any(needs <= flags for needs in LEVELS.values()):
            return check_refusal(program, V3 - flags)
        best = next(level for level, needs in LEVELS.items() if needs <= flags)
        if f"code for {best}\n" not in program.run("--version"):
            raise Failure(f"--version: expected code for {best}")
        bench = json.loads(program.run("bench", "-p", "8", "-n", "8", "--repeat", "1", "--json"))
        if bench["code"] != best:
            raise Failure(f"bench: expected {best}, got {bench['code']}")
        expect_close("many", program.logits(TOKENS), expected, 1e-5 * float(np.abs(expected).max()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(check, sys.argv[1])
