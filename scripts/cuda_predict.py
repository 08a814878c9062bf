#!/usr/bin/env python3
"""What a program for a GPU should reach, on paper: the table of docs/FIGURES.md, "CUDA, on paper". Nothing here is measured on a GPU.

usage: cuda_predict.py [--phidias PATH] [--json FILE]

Phi-4's full shape without weights is compiled with --report=json: bytes and operations of each stage are the program's own. A stage is one
or more regions, each ended by a barrier of the grid. A region's time is that of its bytes at the machine's share of its bandwidth, or of its operations
at the matrix units' share of their peak, whichever is longer; then, for each region, a barrier and the first bytes after it.

  ahead   in decode blocks ask for their first weights before the barriers in front of a linear (targets/cuda/PrefetchWeights.cpp): what the
          memory gives from then on until the linear begins, 96 KiB a block at most, and the latency of the linear's first bytes are saved.
  blocks  units of a linear are handed out whole. Where some blocks have one more than others, these finish at their own pace: what a
          block has under way over the memory's latency (Little's law), at most the memory's whole bandwidth.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

from hollow_checkpoint import Shape, write_checkpoint

# HBM in GB/s, multiprocessors, dense bf16 TFLOP/s: NVIDIA's data sheets of the A100 80GB SXM, H100 SXM and H200 SXM. A tile of a long pass, rows by
# tokens. `share` of the peak while tiles run is assumed: mma.sync has its loads and addresses issue beside it; under wgmma the clock drops (power), and a
# tile's first chunks and its results are waited for.
MACHINES = {"A100 80G": dict(target="cuda-sm80", bandwidth=2039, blocks=108, peak=312, tile=(64, 256), share=0.75),
            "H100 SXM": dict(target="cuda-sm90", bandwidth=3350, blocks=132, peak=989, tile=(128, 192), share=0.75),
            "H200": dict(target="cuda-sm90", bandwidth=4800, blocks=132, peak=989, tile=(128, 192), share=0.75)}
# Assumed, the same for all: to be replaced by what is measured.
HBM_SHARE = 0.92     # of the data sheet's bandwidth, that long reads reach
LATENCY_US = 0.7     # from a load to its data, memory busy
BARRIER_US = 1.3     # an atomic in L2, a poll that sees the last one, two barriers of a block: about two trips to L2 and back
ATTENTION_SHARE = 0.3  # of the peak: mma.sync (on Hopper 0.62 of it: Luo et al., arXiv 2501.12084), and the exponentials between
RING_BYTES = 48 << 10  # under way in a block (targets/cuda/LinearFew.cpp)
AHEAD_BYTES = 96 << 10  # asked for by a block ahead of a linear
# Products of a weight and an activation: f16's activations are two f16. Codes are unpacked beside the products, in issue slots that these leave.
PRODUCTS = {"int4": 1, "int8": 1, "bf16": 1, "f16": 2}
# Barriers that lie between that and the linear (--phi-cuda-prefetch-weights): where prepare opens the function or follows a branch, its own alone.
BARRIERS_AHEAD = {"qkv": 1, "o": 1, "gate_up": 2, "down": 2, "head": 1}
# Regions of a pass, counted in --emit=tiled (scf.forall; attention's two forms have two each, of which one runs).
REGIONS = {"embed": 1, "qkv": 3, "attention": 2, "o": 2, "gate_up": 2, "down": 2, "head": 2}
CHOICE = 5  # of the next token: two of them run for a greedy one, which is not reckoned here
LAYERS, WORDS, PASS, PANEL_ROWS = 40, 100352, 2048, 16
HEADS, HEAD_DIM, KV_BYTES = 40, 128, 2 * 2 * 10 * 128  # of a position and layer, f16


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"cuda_predict: {' '.join(command)}\n{done.stderr}")
    return done.stdout


def stages_of(phidias, path, target, form):
    command = [phidias, "compile", path, "--target=" + target, *(f"--quantize{part}={form}" for part in ("", "-head", "-embed"))]
    regions = run([*command, "--emit=tiled"]).count("scf.forall")
    expected = sum(REGIONS.values()) + REGIONS["attention"] + CHOICE
    if regions != expected:
        sys.exit(f"cuda_predict: expected {expected} regions, the program has {regions}")
    # The simulator's program has the same stages, and no PTX has to be made for the report.
    command[3] = "--target=cuda-sim"
    return json.loads(run([*command, "--report=json"]))["stages"]


def reading_us(m, size, units):
    """Of bytes that blocks read in whole units."""
    bandwidth = m["bandwidth"] * 1e3 * HBM_SHARE  # bytes in a microsecond
    turns, rest = divmod(units, m["blocks"])
    pace = min(bandwidth, rest * RING_BYTES / LATENCY_US)
    return size / units * (turns * m["blocks"] / bandwidth + (rest / pace if rest else 0))


def units_of(stage):
    rows = stage["weight"]["rows"] // (2 if stage["name"] == "gate_up" else 1)
    return math.ceil(rows / PANEL_ROWS)


def saved_us(m, name, size):
    """Of a linear whose weights are asked for ahead; prepare takes a latency at least."""
    window = BARRIERS_AHEAD[name] * BARRIER_US + LATENCY_US
    bandwidth = m["bandwidth"] * 1e3 * HBM_SHARE
    return min(window, AHEAD_BYTES * m["blocks"] / bandwidth, size / bandwidth) + LATENCY_US


def decode_us(m, stages, position):
    total = moved = 0.0
    for stage in stages:
        calls, regions = stage.get("calls", 1), REGIONS[stage["name"]]
        if "weight" in stage:
            moved += stage["bytes"]
            total += calls * (reading_us(m, stage["bytes"] / calls, units_of(stage)) - saved_us(m, stage["name"], stage["bytes"] / calls))
        if stage["name"] == "attention":
            moved += calls * position * KV_BYTES
            total += calls * reading_us(m, position * KV_BYTES + 1, m["blocks"])
        total += calls * regions * (BARRIER_US + LATENCY_US)
    return total, moved


def tiles_us(m, stage, calls, tokens):
    """Of a linear of a long pass: turns of whole tiles, the last of them by some blocks alone."""
    rows, width = stage["weight"]["rows"], m["tile"][1]
    tiles = math.ceil(rows / m["tile"][0]) * math.ceil(tokens / width)
    turns = math.ceil(tiles / m["blocks"])
    of_tile = stage["ops_per_token"] / calls / rows * m["tile"][0] * min(width, tokens)
    return turns * of_tile / (m["peak"] * 1e6 / m["blocks"] * m["share"])


def attention_operations(first):
    """Scores and values, of all positions before and half of the pass's own."""
    return 4 * HEADS * HEAD_DIM * PASS * (first + PASS / 2)


def prefill_us(m, stages, tokens, products):
    total = operations = 0.0
    for first in range(0, tokens, PASS):
        for stage in stages:
            calls, regions = stage.get("calls", 1), REGIONS[stage["name"]]
            if "weight" in stage and stage["name"] != "head":  # one row of which is wanted: by the kernel for decode
                operations += stage["ops_per_token"] * PASS
                reading = stage["bytes"] / calls / (m["bandwidth"] * 1e3 * HBM_SHARE)
                total += calls * max(products * tiles_us(m, stage, calls, PASS), reading)
            if stage["name"] == "attention":
                operations += calls * attention_operations(first)
                total += calls * attention_operations(first) / (m["peak"] * 1e6 * ATTENTION_SHARE)
            total += calls * regions * (BARRIER_US + LATENCY_US)
    return total, operations


def rows(phidias):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "phi4.gguf")
        write_checkpoint(path, "bf16", Shape(layers=LAYERS, vocabulary=WORDS))
        for name, m in MACHINES.items():
            for form in PRODUCTS:
                stages = stages_of(phidias, path, m["target"], form)
                us, moved = decode_us(m, stages, 512)
                barriers = sum(stage.get("calls", 1) * REGIONS[stage["name"]] for stage in stages)
                yield {"machine": name, "what": f"decode {form}", "GB": moved / 1e9, "limit": m["bandwidth"] * 1e9 / moved,
                       "barriers": barriers, "ms": us / 1e3, "tok_s": 1e6 / us, "share": moved / us / m["bandwidth"] / 1e3}
                us, operations = prefill_us(m, stages, 2048, PRODUCTS[form])
                yield {"machine": name, "what": f"prefill {form}, 2048", "TFLOP": operations / 1e12, "limit": 2048 * m["peak"] * 1e12 / operations,
                       "barriers": 2048 // PASS * barriers, "ms": us / 1e3, "tok_s": 2048e6 / us, "share": operations / us / m["peak"] / 1e6}


def table(all_rows):
    lines = ["| machine | what | reads or computes | limit, tok/s | barriers | predicted ms | predicted tok/s | of the limit |", "|---|---|---|---|---|---|---|---|"]
    for r in all_rows:
        amount = f"{r['GB']:.2f} GB" if "GB" in r else f"{r['TFLOP']:.1f} TFLOP"
        lines.append(f"| {r['machine']} | {r['what']} | {amount} | {r['limit']:,.0f} | {r['barriers']:,} | {r['ms']:.2f} | {r['tok_s']:,.0f} | {r['share']:.2f} |")
    return "\n".join(lines)


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phidias", default=os.path.join(here, "build/release/bin/phidias"))
    parser.add_argument("--json", help="also write every number to this file")
    options = parser.parse_args()
    result = list(rows(options.phidias))
    print(table(result))
    if options.json:
        with open(options.json, "w") as out:
            json.dump(result, out, indent=1)


if __name__ == "__main__":
    main()
