#!/usr/bin/env python3
"""scripts/bench_phi4.py sets a toy's speed beside the machine's: its shares are rates times the toy's own bytes and operations.

usage: bench_script.py PHIDIAS
"""
import json
import os
import subprocess
import sys
import tempfile

import toys
from program import Failure, main, run
from toy_list import toy

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "bench_phi4.py")


def expect(what, got, expected):
    if not abs(got - expected) <= 1e-6 * abs(expected):
        raise Failure(f"{what}: expected {expected}, got {got}")
    print(f"{what}: {got:.6g}")


def weights_of_a_token(t):
    """Multiply-adds with weights: the layers' of each token, and the head's."""
    q, kv, h = t["heads"] * t["head_dim"], t["kv"] * t["head_dim"], t["hidden"]
    return t["layers"] * (h * (q + 2 * kv) + h * q + 3 * h * t["ffn"]), h * t["vocab"]


def check(phidias):
    with tempfile.TemporaryDirectory() as work:
        path, out = toys.make("phi3-gqa", os.path.join(work, "toy"))[0], os.path.join(work, "out.json")
        text = run([sys.executable, SCRIPT, path, "--phidias", phidias, "--flags=--quantize=int8 --kv=f16", "--rounds", "2",
                    "--prompt", "32", "--new", "8", "--depth", "100", "--batch", "4", "--json", out])
        with open(out) as file:
            result = json.load(file)
        t, (layers, head) = toy("phi3-gqa"), weights_of_a_token(toy("phi3-gqa"))
        if len(result["rounds"]) != 2 or "medians of 2 rounds" not in text:
            raise Failure(f"expected two rounds: {text}")
        r = result["rounds"][1]
        # A prompt wants the logits of its last token alone.
        expect("share of P", r["prefill_share_of_P"], r["prefill"] * 2 * (layers + head / 32) / r["P"])
        expect("cache, f16", r["cache_bytes_per_position"], 2 * 2 * t["kv"] * t["head_dim"] * t["layers"])
        expect("share of B", r["decode_share_of_B"], r["decode"] * result["work"]["bytes_a_pass"] / r["B"])
        # int8 is 17 bytes for 16 weights; padding and norms come on top.
        if not 1 <= result["work"]["bytes_a_pass"] / ((layers + head) * 17 / 16) < 1.5:
            raise Failure(f"bytes of a pass: {result['work']['bytes_a_pass']}")
        if not 0 <= r["memory_without_cache_bytes"] < r["memory_bytes"] < 64 << 20:
            raise Failure(f"memory: {r}")
        broken = subprocess.run([sys.executable, SCRIPT, os.path.join(work, "none")], capture_output=True, text=True)
        if broken.returncode != 1 or broken.stderr.count("\n") != 1:
            raise Failure(f"expected one line and exit code 1, got {broken.stderr}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(check, sys.argv[1])
