#!/usr/bin/env python3
"""What the simulator counts of CUDA's kernels at Phi-4's shape: the tables of docs/FIGURES.md, "CUDA, counted".

usage: cuda_counts.py [--phidias PATH] [--target cuda-sim|cuda-sim-sm90] [--format int4 int8 bf16 f16] [--kv f16|int8] [--prompt 128] [--few 4] [--blocks 6] [--launch persistent|chain] [--json FILE]

A checkpoint of Phi-4's shape with one layer and few words, whose weights are zeros, is compiled with --target=cuda-sim and run: a pass over a
prompt, one over the token behind it (decode), and one over a few tokens. No count depends on what numbers the weights are: a look-up of a
code never meets another in a bank. Two minutes for a format on two cores, most of it the prompt.

  bytes     of global memory, in MB: sectors of 32 bytes that a pass asks for. `model`: those of weights and cache; of these each
            block of the grid adds its own reads of norms. The rest are rows of activations, which each block of the grid reads again: they lie in the second cache.
  needed    bytes of the stage's weights, by its shape and format, and of the cache that it has to read and write. Asked: all bytes of
            a decode pass <= 1.02 x needed.
  sectors   as often as at best, of each request of a warp.
  conflicts times that a request to shared memory is repeated for a bank, in % of requests. Asked: <= 3 % (all of a stage, not its main loop alone).
  prefetch  of 128 bytes each: weights that a stage behind asks for from the second cache, and the memory gives once. They are not in `bytes`.
  launches  of a pass, of a stage those that begin with it. Asked: one, or, with --launch=chain, at most 5 a layer in passes of up to 8 tokens
            (embedding, head and choice have one each besides); barriers: of the grid. Instructions in thousands, of warps; `other`: arithmetic of the IR.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

from hollow_checkpoint import Shape, write_checkpoint

FORMATS = {  # bytes of a weight: codes and an f16 scale for 32 of them, or a float
    "int4": 0.5 + 2 / 32, "int8": 1 + 2 / 32, "bf16": 2, "f16": 2}
CACHES = {"f16": 2, "int8": 1 + 2 / 32}
MOST_BYTES, MOST_CONFLICTS, SECTOR = 1.02, 0.03, 32
MOST_LAUNCHES, SHORT_PASS = 5, 8  # of a layer, in a pass of up to so many tokens
LAYER_STAGES = ("qkv", "attention", "o", "gate_up", "down")
SHOWN = ("load", "store", "copy", "prefetch", "dp4a", "mma", "ldmatrix", "shuffle", "barrier", "other")


def compiled(folder, kind, options):
    checkpoint, program = os.path.join(folder, "phi4.gguf"), os.path.join(folder, "phi4")
    write_checkpoint(checkpoint, "bf16", options.shape)
    subprocess.run([os.path.abspath(options.phidias), "compile", checkpoint, "--target=" + options.target, "--quantize=" + kind,
                    "--quantize-head=" + kind, "--quantize-embed=" + kind, "--kv=" + options.kv, "-o", program],
                   check=True, capture_output=True)
    return program


def counted(program, options, *arguments):
    """Stages of the passes of a run."""
    counts = program + ".json"
    # Tokens beyond a pass's last are computed from what no one wrote, and nothing of them is stored.
    variables = {"PHISIM_COUNTS": "json:" + counts, "PHISIM_UNDEFINED": "nan", "PHISIM_BLOCKS": str(options.blocks),
                 "PHISIM_LAUNCH": options.launch}
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **variables})
    with open(counts) as file:
        return json.load(file)["stages"]


def tokens_of(count, shape):
    return ",".join(str(2 + i % (shape.vocabulary - 2)) for i in range(count))


def passes(program, options):
    """(what, tokens, stages, position, launches asked) of each pass."""
    of = lambda stages, tokens: [stage for stage in stages if stage["tokens"] == tokens]
    n, shape = options.prompt, options.shape
    both = counted(program, options, "generate", "--tokens", tokens_of(n, shape), "--max-tokens", "2",
                   "--temperature", "0", "--ignore-eos", "--context", str(n + 16))
    few = counted(program, options, "logits", "--tokens", tokens_of(options.few, shape), "--pass", str(options.few),
                  "--output", program + ".npy", "--context", str(n + 16))
    yield "decode", 1, of(both, 1), n
    yield "few", options.few, of(few, options.few), 0
    yield "prompt", n, of(both, n), 0


def needed(stage, tokens, position, kind, options):
    """Bytes of weights and cache that the stage cannot do without."""
    s, one = options.shape, FORMATS[kind]
    of_position = 2 * s.kv * CACHES[options.kv]
    weights = {"embed": tokens * s.hidden, "qkv": (s.hidden + 2 * s.kv) * s.hidden, "o": s.hidden * s.hidden,
               "gate_up": 2 * s.wide * s.hidden, "down": s.hidden * s.wide, "head": s.vocabulary * s.hidden}
    cache = {"qkv": tokens, "attention": position + tokens}  # positions: what is new, and all that is seen
    norms = 4 * s.hidden if stage in ("qkv", "gate_up", "head") else 0
    layers = s.layers if stage in LAYER_STAGES else 1
    return layers * (weights.get(stage, 0) * one + cache.get(stage, 0) * of_position + norms)


def row_of(what, tokens, stage, position, kind, options):
    counts, launches = stage["counts"], stage["launches"]
    sectors = counts["sectors"]
    total = sum(sectors.values())
    return {"format": kind, "kv": options.kv, "pass": what, "tokens": tokens, "stage": stage["stage"], "launches": launches,
            "chain": options.launch == "chain", "layers": options.shape.layers,
            "layer_launches": launches if stage["stage"] in LAYER_STAGES else 0, "barriers": stage["grid_barriers"], "bytes": total * SECTOR,
            "model_bytes": (sectors["weights"] + sectors["cache"]) * SECTOR,
            "needed": needed(stage["stage"], tokens, position, kind, options), "sectors": total,
            "ideal_sectors": counts["ideal_sectors"], "shared": counts["shared_requests"], "conflicts": counts["bank_conflicts"],
            **{name: counts["thread_instructions"][name] / 32 for name in SHOWN}}


def sum_of(rows):
    """Of a pass; `worst` is the conflicts' share in its worst stage."""
    same = ("format", "kv", "pass", "tokens", "chain", "layers")
    total = {key: rows[0][key] if key in same else sum(row[key] for row in rows) for key in rows[0] if key != "stage"}
    return {**total, "stage": "all", "worst": max(share(row["conflicts"], row["shared"]) for row in rows)}


def share(x, y):
    return x / y if y else 0


def too_many_launches(row):
    if not row["chain"]:
        return row["launches"] != 1
    return row["tokens"] <= SHORT_PASS and row["layer_launches"] > MOST_LAUNCHES * row["layers"]


def missed(row):
    found = []
    if row["stage"] == "all" and row["pass"] == "decode" and row["bytes"] > MOST_BYTES * row["needed"]:
        found.append("bytes")
    if row["stage"] == "all" and too_many_launches(row):
        found.append("launches")
    if row.get("worst", share(row["conflicts"], row["shared"])) > MOST_CONFLICTS:
        found.append("conflicts")
    return found


def table(rows):
    lines = ["| weights, cache | pass | stage | MB | of model | needed | bytes / needed | sectors | conflicts | launches, barriers | "
             + " | ".join(SHOWN) + " | missed |", "|---" * (11 + len(SHOWN)) + "|"]
    for r in rows:
        conflicts = r.get("worst", share(r["conflicts"], r["shared"]))
        ratio = f"{r['bytes'] / r['needed']:.3f}" if r["needed"] else ""
        lines.append(f"| {r['format']}, {r['kv']} | {r['pass']} ({r['tokens']}) | {r['stage']} | {r['bytes'] / 1e6:.2f} | {r['model_bytes'] / 1e6:.2f} "
                     f"| {r['needed'] / 1e6:.2f} | {ratio} | {share(r['sectors'], r['ideal_sectors']):.3f} "
                     f"| {100 * conflicts:.2f} % | {r['launches']}, {r['barriers']} | "
                     + " | ".join(f"{r[name] / 1e3:,.1f}" for name in SHOWN) + f" | {', '.join(missed(r))} |")
    return "\n".join(lines)


def rows_of(kind, options):
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(folder, kind, options)
        for what, tokens, stages, position in passes(program, options):
            rows = [row_of(what, tokens, stage, position, kind, options) for stage in stages]
            yield from rows
            yield sum_of(rows)


def arguments():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phidias", default=os.path.join(here, "build/release/bin/phidias"))
    parser.add_argument("--target", choices=("cuda-sim", "cuda-sim-sm90"), default="cuda-sim", help="portable code, or that of sm_90")
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--kv", choices=CACHES, default="f16")
    parser.add_argument("--prompt", type=int, default=128, help="tokens of it")
    parser.add_argument("--few", type=int, default=4, help="tokens of that pass")
    parser.add_argument("--blocks", type=int, default=6, help="of the grid")
    parser.add_argument("--launch", choices=("persistent", "chain"), default="persistent", help="one launch for a pass, or several")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="a fifth of Phi-4's width, for tests")
    parser.add_argument("--json", help="also write every number to this file")
    options = parser.parse_args()
    small = {"hidden": 1024, "wide": 1024, "heads": 8, "kv_heads": 2} if options.small else {}
    options.shape = Shape(layers=options.layers, **small)
    return options


def main():
    options = arguments()
    rows = [row for kind in options.format for row in rows_of(kind, options)]
    print(table([row for row in rows if row["stage"] == "all"]), table([row for row in rows if row["stage"] != "all"]), sep="\n\n")
    if options.json:
        with open(options.json, "w") as out:
            json.dump(rows, out, indent=1)


if __name__ == "__main__":
    main()
