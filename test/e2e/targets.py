#!/usr/bin/env python3
"""A program for many machines runs the best code that this one can, one for a machine that lacks something says what, and all
of them compute the same.

usage: targets.py PHIDIAS
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import toys
from program import Failure, compile_model, expect_close, main, run

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


def host_flags():
    with open("/proc/cpuinfo") as info:
        return set(next(line for line in info if line.startswith("flags")).split(":", 1)[1].split())


def check_refusal(program, lacking):
    done = subprocess.run([program.path, "generate", "--tokens", "3"], capture_output=True, text=True)
    names = {name.replace("_", "") for name in lacking}
    if done.returncode != 1 or done.stderr.count("\n") != 1 or not any(name in done.stderr for name in names):
        raise Failure(f"expected one line about {sorted(names)} and exit code 1, got {done.returncode}: {done.stderr}")
    print("refused: " + done.stderr.strip())


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
        if f"code for {best}\n" not in run([program.path, "--version"]):
            raise Failure(f"--version: expected code for {best}")
        bench = json.loads(run([program.path, "bench", "-p", "8", "-n", "8", "--repeat", "1", "--json"]))
        if bench["code"] != best:
            raise Failure(f"bench: expected {best}, got {bench['code']}")
        expect_close("many", program.logits(TOKENS), expected, 1e-5 * float(np.abs(expected).max()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(check, sys.argv[1])
