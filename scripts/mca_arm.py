#!/usr/bin/env python3
"""What llvm-mca says of the inner loops of linears on ARM64 cores: the table of docs/FIGURES.md, "ARM64, on paper".

usage: mca_arm.py [--phidias PATH] [--llvm FOLDER] [--core CORE ...] [--format FORMAT ...] [--json FILE]

A checkpoint of Phi-4's shape with one layer is compiled with --emit=asm; its file has a head and a hole in place of weights.
Every stage has its loops: of a kind the slowest is shown, and the spills of all. Exit code 1 where a kind is not found.

  decode   an iteration is a step of 64 columns of each panel that is walked. cycles: llvm-mca's, all loads from the first cache.
           ports: what the busiest ports need alone: the most work per port, over all sets of vector, load or other ports that some
           instructions can only run on. L2: bytes of weights / 32, the width of the read interface of L1 in Arm's manuals.
  long     a chunk of columns of a tile's panels: its unpacking, and the products with all tokens of the longest pass and their scaling. of peak:
           products of those tokens / (cycles x products that the ports can start in a cycle).
  spills   loads and stores by sp in innermost loops: of vectors, of others (pointers); of all loops of the kind together.
  front end, Arm's widths: see arm_mca.py.
"""
import argparse
import json
import os
import re
import shutil
import sys
import tempfile

from arm_loops import DOTS, SPILL, VECTOR_SPILL, chunks, count, decode_steps, innermost, is_products, loops_of
from arm_mca import cycles, front_end, guide_cycles, port_bound, run, use_llvm
from hollow_checkpoint import write_checkpoint

FORMATS = {  # type of the checkpoint, --quantize, and bytes of a panel's step (dialects/phi/Panel.md)
    "q4_0": ("q4_0", "keep", 576), "codebook": ("bf16", "int4", 576), "int8": ("bf16", "int8", 1088)}
CORES = {  # products that start in a cycle; share of that asked of a long pass (issue 5)
    "neoverse-n1": (2, 0.75), "neoverse-n2": (2, 0.80), "neoverse-v2": (4, 0.80)}
L2_BYTES, MOST_RATIO = 32, 1.25
BLOCK = 256  # columns that share a scale in long passes of a codebook (lib/Vectorize/Linear/Rescale.h)


def compiled(core, kind, options):
    """Assembly, and of its long passes tokens, panels and columns of a tile, and tokens in all."""
    stored, quantize, _ = FORMATS[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "phi4.gguf")
        write_checkpoint(path, stored)
        command = [os.path.abspath(options.phidias), "compile", path, "--target=arm64-" + core, "--quantize=" + quantize,
                   "--quantize-head=" + quantize, "--quantize-embed=" + quantize, "-o", "-"]
        text = run([*command, "--emit=scheduled"], "")
        cuts = set(re.findall(r"tokens = (\d+), panels = (\d+), chunk = (\d+)", text))
        if len(cuts) != 1:
            sys.exit(f"mca_arm: {core}, {kind}: stages are cut in different ways, {sorted(cuts)}")
        whole = re.search(r"phi.max_tokens = (\d+)", text)[1]
        return run([*command, "--emit=asm"], ""), *map(int, (*cuts.pop(), whole))


def decode_row(core, kind, lines):
    panels = count(DOTS, lines) // 64
    ports, name = port_bound(core, lines)
    l2 = panels * FORMATS[kind][-1] / L2_BYTES
    row = {"core": core, "format": kind, "what": "decode", "panels": panels, "instructions": len(lines),
           "cycles": cycles(core, lines), "guide_cycles": guide_cycles(core, lines), "front_end": front_end(core, lines),
           "ports": ports, "binds": name, "l2": l2, "asked": MOST_RATIO}
    row["score"], row["guide_score"] = (max(row[key], l2) / max(ports, l2) for key in ("cycles", "guide_cycles"))
    return {**row, "met": row["score"] <= MOST_RATIO}


def turns_of(kind, chunk):
    """Turns of the loops of a chunk: over its steps, its groups, or its blocks and the groups of one."""
    if kind != "codebook":
        return lambda loop: chunk // (32 if is_products(loop) else 64)
    return lambda loop: chunk // BLOCK if loop.inner() else BLOCK // 32


def long_row(core, kind, unpack, block, tokens, panels, chunk, whole):
    per_cycle, asked = CORES[core]
    matrix = any("mmla" in line for line in block)
    of_token = panels * chunk // (2 if matrix else 1)  # a product is 4 by 4, or of matrices 2 by 8 by 2
    if count(DOTS, block) != tokens * of_token:
        sys.exit(f"mca_arm: {core}, {kind}: {count(DOTS, block)} products for {tokens} tokens, expected {tokens * of_token}")
    useful = whole * of_token
    both = lambda f: f(core, unpack) + -(-whole // tokens) * f(core, block)
    row = {"core": core, "format": kind, "what": "long", "tokens": tokens, "dots": useful, "cycles": both(cycles),
           "unpacking": cycles(core, unpack), "guide_cycles": both(guide_cycles), "front_end": both(front_end),
           "ports": both(lambda *x: port_bound(*x)[0]), "binds": port_bound(core, block)[1], "asked": asked}
    row["score"], row["guide_score"] = (useful / row[key] / per_cycle for key in ("cycles", "guide_cycles"))
    return {**row, "met": row["score"] >= asked}


def rows(core, kind, options):
    """The slowest loop of each kind, and the spills of all."""
    text, *cut = compiled(core, kind, options)
    loops = loops_of(text)
    found = {"decode": list(decode_steps(loops)), "chunk": list(chunks(loops))}
    for what, some in found.items():
        if not some:
            sys.exit(f"mca_arm: {core}, {kind}: no loop of {what}")
    steps, turns = [loop.unfolded() for loop in found["decode"]], turns_of(kind, cut[2])
    parts = [[part.unfolded(turns) for part in both] for both in found["chunk"]]
    spills = lambda pattern, outer: sum(count(pattern, x.own()) for y in outer for x in innermost(y))
    told = lambda outer: {"spills": spills(VECTOR_SPILL, outer), "all_spills": spills(SPILL, outer)}
    walked = max(count(DOTS, lines) for lines in steps)  # fewer panels: what is left over at the end
    decode = max((decode_row(core, kind, x) for x in steps if count(DOTS, x) == walked), key=lambda row: row["score"])
    long = min((long_row(core, kind, *both, *cut) for both in parts), key=lambda row: row["score"])
    yield {**decode, **told(found["decode"]), "loops": len(steps)}
    yield {**long, **told([part for both in found["chunk"] for part in both]), "loops": len(parts)}


def table(all_rows):
    lines = ["| core | loop | cycles | ports alone | front end | L2 | asked | by LLVM's model | by Arm's widths | spills |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for r in all_rows:
        decode = r["what"] == "decode"
        at_once = f"{r['panels']} x 64 columns" if decode else f"{r['tokens']} tokens at once"
        l2, asked = (f"{r['l2']:.0f}", f"<= {r['asked']}") if decode else ("", f">= {r['asked']:.2f} of peak")
        lines.append(f"| {r['core']} | {r['what']} {r['format']}, {at_once} | {r['cycles']:,.0f} "
                     f"| {r['ports']:,.0f} ({r['binds']}) | {r['front_end']:,.0f} | {l2} | {asked} "
                     f"| {r['score']:.3f}{'' if r['met'] else ', missed'} | {r['guide_score']:.3f} "
                     f"| {r['spills']}, {r['all_spills'] - r['spills']} |")
    return "\n".join(lines)


def arguments():
    llc = shutil.which("llc-22") or shutil.which("llc") or ""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phidias", default=os.path.join(here, "build/release/bin/phidias"))
    parser.add_argument("--llvm", default=os.path.dirname(os.path.realpath(llc)), help="folder of LLVM 22's tools")
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
