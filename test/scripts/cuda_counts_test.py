#!/usr/bin/env python3
"""scripts/cuda_counts.py at a fifth of Phi-4's width: bytes are those that the shape has, one launch, no bank conflicts; five launches a layer where a pass is a chain of them; and what is missed is said.

usage: cuda_counts_test.py PHIDIAS
"""
import json
import os
import subprocess
import sys
import tempfile

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts")
sys.path.insert(0, SCRIPTS)
from cuda_counts import LAYER_STAGES, missed

STAGES = ["embed", "qkv", "attention", "o", "gate_up", "down", "head"]
# 32 columns of i8 have an f16 scale: 34 bytes. [rows, 1024] each; the norm before it, f32, is read by the one block that has the row.
WEIGHTS = {"qkv": 1536 * 1024 * 34 // 32 + 4096, "o": 1024 * 1024 * 34 // 32, "gate_up": 2048 * 1024 * 34 // 32 + 4096,
           "down": 1024 * 1024 * 34 // 32, "head": 512 * 1024 * 34 // 32 + 4096}
# A position in a kv head: 128 codes and 4 scales of keys, the same of values. Decode sees 33, and reads whole panels of 16.
POSITION, SEEN, READ = 2 * 2 * 136, 33, 48


def expect(what, got, expected):
    if got != expected:
        sys.exit(f"FAILED {what}: expected {expected}, got {got}")
    print(f"{what}: {got}")


def check_missed():
    row = {"stage": "all", "pass": "decode", "tokens": 1, "chain": False, "layers": 2, "launches": 1, "layer_launches": 0, "bytes": 102,
           "needed": 100, "shared": 100, "conflicts": 3}
    chain = {"chain": True, "launches": 13, "layer_launches": 10}
    for more, said in (({}, []), ({"bytes": 103}, ["bytes"]), ({"launches": 2}, ["launches"]), ({"conflicts": 4}, ["conflicts"]),
                       ({"worst": 0.04}, ["conflicts"]), ({"bytes": 103, "pass": "few"}, []),
                       (chain, []), ({**chain, "layer_launches": 11}, ["launches"]), ({**chain, "layer_launches": 99, "tokens": 32}, [])):
        expect(f"missed with {more}", missed({**row, **more}), said)


def rows_of(phidias, *options):
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "rows.json")
        subprocess.run([sys.executable, "-B", os.path.join(SCRIPTS, "cuda_counts.py"), "--phidias", phidias, "--small", "--prompt", "32",
                        "--few", "5", "--json", path, *options], check=True)
        with open(path) as file:
            return json.load(file)


def check_counts(rows):
    for what in ("decode", "few", "prompt"):
        own = {row["stage"]: row for row in rows if row["pass"] == what}
        # Those that generate end with the choice of a token; the few tokens' pass gives logits. Behind
        # the last stage each of the 48 warps looks once, at most, whether the choice is over.
        chosen = ["choose"] if what != "few" else []
        expect(f"stages of {what}", [row["stage"] for row in rows if row["pass"] == what and row["stage"] != "(rest)"], [*STAGES, *chosen, "all"])
        rest = own.get("(rest)", {"bytes": 0})["bytes"]
        expect(f"{rest} bytes behind the stages of {what}", rest <= 48 * 32, True)
        expect(f"launches of {what}", own["all"]["launches"], 1)
        expect(f"stages of {what} that end with no barrier of the grid", [s for s in STAGES if own[s]["barriers"] < 1], [])
        # Asked: 3 %. There are none, where the layouts in shared memory are right.
        expect(f"bank conflicts of {what}", {s: own[s]["conflicts"] for s in STAGES if own[s]["conflicts"]}, {})


def check_decode(rows):
    decode = {row["stage"]: row for row in rows if row["pass"] == "decode"}
    for stage, weights in WEIGHTS.items():
        new = POSITION if stage == "qkv" else 0  # the token's own keys and values: a sector of 32 bytes for each at most
        over = decode[stage]["model_bytes"] - weights
        expect(f"{stage}: {over} bytes beyond its weights", 0 <= over <= 32 * new, True)
    got = decode["attention"]["model_bytes"]
    # A tenth more: requests for one position's scales after the other find the same sectors.
    expect(f"attention: {got} bytes of cache", SEEN * POSITION <= got <= 1.1 * READ * POSITION, True)


def check_prefetch(rows):
    """A block asks for the first 96 KiB of its share, lines of 128 bytes. Of the head's 32 panels (16 * 1088 bytes) four of
    the six blocks have five, which is less than that; all other shares are larger. In a long pass only the head, with its one row, has few tokens."""
    head = 2 * 768 + 4 * (5 * 16 * 1088 // 128)
    for what, expected in (("decode", 4 * 6 * 768 + head), ("few", 4 * 6 * 768 + head), ("prompt", head)):
        got = next(row["prefetch"] for row in rows if row["pass"] == what and row["stage"] == "all")
        expect(f"lines that {what} asks for ahead", round(32 * got), expected)


def check_chain(rows, whole):
    """Two layers: five launches each, and one for embedding, head and choice; none waits for others, and a token's bytes are what they were."""
    for what, ends in (("decode", 3), ("few", 2)):
        own = {row["stage"]: row for row in rows if row["pass"] == what}
        expect(f"launches of {what}, chained", [own["all"][key] for key in ("launches", "layer_launches", "barriers")], [10 + ends, 10, 0])
        expect(f"each stage's, for two layers", {stage: own[stage]["launches"] for stage in LAYER_STAGES}, dict.fromkeys(LAYER_STAGES, 2))
    model = [next(row["model_bytes"] for row in some if row["pass"] == "decode" and row["stage"] == "all") for some in (whole, rows)]
    # One block prepares a row where six looked for theirs: norms alone may be read by fewer.
    expect(f"bytes of decode, {model[1]} of {model[0]}", model[1] <= model[0], True)
    # Every region of a layer is a launch in the prompt, 11; embedding, and the head with its row; the choice.
    expect("launches of the prompt, chained", next(r["launches"] for r in rows if r["pass"] == "prompt" and r["stage"] == "all"), 2 * 11 + 4)
    expect("bank conflicts, chained", [row["stage"] for row in rows if row["conflicts"]], [])


def main(phidias):
    check_missed()
    rows = rows_of(phidias, "--format", "int8", "--kv", "int8")
    check_counts(rows)
    check_decode(rows)
    check_prefetch(rows)
    check_counts(rows_of(phidias, "--format", "bf16"))
    layers = ("--format", "int8", "--kv", "int8", "--layers", "2")
    check_chain(rows_of(phidias, *layers, "--launch", "chain"), rows_of(phidias, *layers))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
