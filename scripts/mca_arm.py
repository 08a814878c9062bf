#!/usr/bin/env python3
"""What llvm-mca says of the inner loops of linears on ARM64 cores: the table of docs/FIGURES.md, "ARM64, on paper".

usage: mca_arm.py [--phidias-opt PATH] [--llvm FOLDER] [--asm FOLDER] [--core CORE ...] [--format FORMAT ...] [--json FILE]

A phi.tile_linear of 5120 columns, cut as lib/Schedule cuts it for the core, goes through the passes and options of a compile; with
--asm the code is read instead: FOLDER/CORE.FORMAT.s, made by phidias compile --emit=asm --target=arm64-CORE. Of several loops of a
kind the slowest is shown. Exit code 1 where a loop is not found.

  decode   an iteration is a step of 64 columns of each panel that is walked. cycles: llvm-mca's, all loads from the first cache.
           ports: what the busiest ports need alone: the most work per port, over all sets of vector, load or other ports that some
           instructions can only run on. L2: bytes of weights / 32, the width of the read interface of L1 in Arm's manuals.
  long     a chunk of 256 columns of two panels: its unpacking, and the products with 256 tokens and their scaling. peak: products
           of those tokens / (cycles x products that the ports can start in a cycle).
  front end, Arm's widths: see arm_mca.py.
"""
import argparse
import json
import os
import re
import shutil
import sys

from arm_loops import DOTS, SPILL, count, decode_steps, loops_of, token_blocks, unpack_steps
from arm_mca import cycles, front_end, guide_cycles, port_bound, run, use_llvm

TO_LLVM = ("builtin.module(canonicalize,cse,loop-invariant-code-motion,convert-scf-to-cf,convert-vector-to-llvm,"
           "convert-math-to-llvm,finalize-memref-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,"
           "convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)")
CODEBOOK = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
FORMATS = {  # of phi.tile_linear, and bytes of a panel's step (dialects/phi/Panel.md)
    "q4_0": ("bits = 4, group = 32, scale = f16, zero = 8", 576),
    "codebook": (f"bits = 4, group = 32, scale = f16, zero = 0, codebook = {CODEBOOK}", 576),
    "int8": ("bits = 8, group = 32, scale = f16, zero = 128", 1088)}
DOTPROD = "bf16 = false, signed_codes = true, value_lanes = true", "tokens = 2, panels = 2, chunk = 256"
I8MM = "bf16 = true, value_lanes = true, matrix = true", "tokens = 6, panels = 2, chunk = 256"
CORES = {  # machine and schedule; products that start in a cycle; share of that asked of a long pass (issue 5)
    "neoverse-n1": (DOTPROD, 2, 0.75), "neoverse-n2": (I8MM, 2, 0.80), "neoverse-v2": (I8MM, 4, 0.80)}
TOKENS, CHUNK, PANELS, L2_BYTES, MOST_RATIO = 256, 256, 2, 32, 1.25


def assembly(core, kind, options):
    if options.asm:
        with open(os.path.join(options.asm, f"{core}.{kind}.s")) as file:
            return file.read()
    machine, schedule = CORES[core][0]
    module = f"""module attributes {{phi.machine = #phi.machine<lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, {machine}>}} {{
func.func @linear(%acts: memref<?xi8>, %weights: memref<?xi8>, %offset: index, %result: memref<?x5120xf32>,
                  %scratch: memref<?xi8>, %from: index, %to: index, %count: index) {{
  phi.tile_linear %acts, %weights[%offset], %result, %scratch panels %from to %to tokens %count
    of tensor<5120x5120x!phi.quantized<{FORMATS[kind][0]}>> by i8 schedule <streams = 4, prefetch = 12, {schedule}>
    : memref<?xi8>, memref<?xi8>, memref<?x5120xf32>, memref<?xi8>
  return
}} }}"""
    lowered = run([options.phidias_opt, "--phi-vectorize", "--phi-arm-lower-vector", "-"], module)
    lowered = re.sub(r"attributes \{phi\.machine = .*?>\}", "", lowered, count=1)
    dialect = run(["mlir-opt", "--pass-pipeline=" + TO_LLVM], lowered)
    code = run(["mlir-translate", "--mlir-to-llvmir"], dialect)
    # As targets/arm says of every function.
    code = re.sub(r"(?m)^(define .*\)) \{$", rf'\1 "target-cpu"="{core}" "tune-cpu"="neoverse-v2" {{', code)
    target = "-mtriple=aarch64-unknown-linux-gnu"
    return run(["llc", "-O3", target], run(["opt", "-O2", "-S", target], code))


def decode_row(core, kind, lines):
    panels = count(DOTS, lines) // 64
    ports, name = port_bound(core, lines)
    l2 = panels * FORMATS[kind][1] / L2_BYTES
    row = {"core": core, "format": kind, "what": "decode", "panels": panels, "instructions": len(lines),
           "cycles": cycles(core, lines), "guide_cycles": guide_cycles(core, lines), "front_end": front_end(core, lines),
           "ports": ports, "binds": name, "l2": l2, "asked": MOST_RATIO, "spills": count(SPILL, lines)}
    row["score"], row["guide_score"] = (max(row[key], l2) / max(ports, l2) for key in ("cycles", "guide_cycles"))
    return {**row, "met": row["score"] <= MOST_RATIO}


def long_row(core, kind, unpack, block):
    _, per_cycle, asked = CORES[core]
    matrix = any("mmla" in line for line in block)
    at_once = count(DOTS, block) // (CHUNK * PANELS // (2 if matrix else 1))  # a product is 4 by 4, or of matrices 2 by 8 by 2
    useful = TOKENS * count(DOTS, block) // at_once
    both = lambda f: CHUNK // 64 * f(core, unpack) + -(-TOKENS // at_once) * f(core, block)
    row = {"core": core, "format": kind, "what": "long", "tokens": at_once, "dots": useful, "cycles": both(cycles),
           "unpacking": CHUNK // 64 * cycles(core, unpack), "guide_cycles": both(guide_cycles), "front_end": both(front_end),
           "ports": both(lambda *x: port_bound(*x)[0]), "binds": port_bound(core, block)[1], "asked": asked,
           "spills": count(SPILL, unpack) + count(SPILL, block)}
    row["score"], row["guide_score"] = (useful / row[key] / per_cycle for key in ("cycles", "guide_cycles"))
    return {**row, "met": row["score"] >= asked}


def rows(core, kind, options):
    """The slowest loop of each kind."""
    loops = loops_of(assembly(core, kind, options))
    steps = [loop.unfolded(1) for loop in decode_steps(loops)]
    unpacks = [loop.unfolded(1) for loop in unpack_steps(loops)]
    blocks = [loop.unfolded(CHUNK // 32) for loop in token_blocks(loops)]
    for what, found in (("decode", steps), ("unpacking", unpacks), ("products of a long pass", blocks)):
        if not found:
            sys.exit(f"mca_arm: {core}, {kind}: no loop of {what}")
    walked = max(count(DOTS, lines) for lines in steps)  # fewer panels: what is left over at the end
    yield max((decode_row(core, kind, x) for x in steps if count(DOTS, x) == walked), key=lambda row: row["score"])
    yield min((long_row(core, kind, u, b) for u in unpacks for b in blocks), key=lambda row: row["score"])


def table(all_rows):
    lines = ["| core | loop | cycles | ports alone | front end | L2 | asked | by LLVM's model | by Arm's widths | spills |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for r in all_rows:
        decode = r["what"] == "decode"
        name = f"decode {r['format']}, {r['panels']} x 64 columns" if decode else f"long {r['format']}, {r['tokens']} tokens at once"
        l2, asked = (f"{r['l2']:.0f}", f"<= {r['asked']}") if decode else ("", f">= {r['asked']:.2f} of peak")
        lines.append(f"| {r['core']} | {name} | {r['cycles']:,.0f} | {r['ports']:,.0f} ({r['binds']}) | {r['front_end']:,.0f} | {l2} "
                     f"| {asked} | {r['score']:.2f}{'' if r['met'] else ', missed'} | {r['guide_score']:.2f} | {r['spills']} |")
    return "\n".join(lines)


def arguments():
    llc = shutil.which("llc-22") or shutil.which("llc") or ""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phidias-opt", default=os.path.join(here, "build/release/bin/phidias-opt"))
    parser.add_argument("--llvm", default=os.path.dirname(os.path.realpath(llc)), help="folder of LLVM 22's tools")
    parser.add_argument("--asm", help="folder of CORE.FORMAT.s")
    parser.add_argument("--core", nargs="+", choices=CORES, default=list(CORES))
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--json", help="also write every number to this file")
    return parser.parse_args()


def main():
    options = arguments()
    use_llvm(options.llvm)
    result = [row for core in options.core for kind in options.format for row in rows(core, kind, options)]
    print(table(result))
    if options.json:
        with open(options.json, "w") as out:
            json.dump(result, out, indent=1)


if __name__ == "__main__":
    main()
