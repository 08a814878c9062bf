#!/usr/bin/env python3
"""Share of matrix products and their loads in the main loops of long passes of CUDA's kernels: part of docs/FIGURES.md, "CUDA, counted".

usage: cuda_loops.py [--phidias PATH] [--format int4 int8 bf16 f16] [--sm 80] [--ptxas PATH --nvdisasm PATH]

A checkpoint of Phi-4's shape with one layer is compiled with --emit=ptx. Of each function of a linear for passes of N tokens (linear_2_x256), the
innermost loop with most products is shown: all its instructions, products, their loads (ldmatrix, loads from shared memory, cp.async and its
groups, loads from global memory of what has to be unpacked), and the share of both, asked >= 85 %. With ptxas and nvdisasm: the same of
the machine's own instructions.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

from hollow_checkpoint import write_checkpoint

ASKED = 0.85
PTX = {"function": re.compile(r"^\.func.*?\b([\w$]+)\($|^\.func.*\)\s*([\w$]+)\("), "label": re.compile(r"^(\$\w+):"),
       "branch": re.compile(r"\bbra(?:\.uni)?\s+(\$\w+)"), "product": re.compile(r"^(?:@!?%p\d+\s+)?(?:mma|wgmma\.mma_async)\b"),
       "load": re.compile(r"^(?:@!?%p\d+\s+)?(?:ldmatrix|cp\.async\.(?!wait)|ld\.(?:shared|global))")}
SASS = {"function": re.compile(r"^\$?(?:\w+\$)?(\w+):$"), "label": re.compile(r"^(\.L_x_\d+):"), "branch": re.compile(r"\bBRA\b.*?(\.L_x_\d+)"),
        "product": re.compile(r"^(?:@!?U?P\w+ +)?[HI]G?MMA"), "load": re.compile(r"^(?:@!?U?P\w+ +)?(?:LDSM|LDS|LDGSTS|LDGDEPBAR|LDG)\b")}


def ptx_lines(text):
    """One line an instruction."""
    text = re.sub(r"//.*", "", text)
    joined = re.sub(r"[ \t]*\n[ \t]+(?=[{\[%])", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith((".reg", ".param", ".loc"))]


def sass_lines(text):
    keep = re.compile(r"^(?:\$?[\w$]+:|\.L_x_\d+:)$")
    instruction = re.compile(r"^\s+/\*[0-9a-f]{4,}\*/\s+(.*?)\s*;")
    lines = []
    for line in text.splitlines():
        found = instruction.match(line)
        if found or keep.match(line):
            lines.append(found.group(1) if found else line)
    return lines


def loops_of(lines, syntax):
    """(function, instructions) of each innermost loop that has products."""
    function, labels, code, loops = None, {}, [], []
    for line in lines:
        if found := syntax["label"].match(line):
            labels[found.group(1)] = len(code)
        elif found := syntax["function"].match(line):
            function = next(name for name in found.groups() if name)
        elif not line.startswith((".", "{", "}", ")")):
            code.append(line)
            target = syntax["branch"].search(line)
            if target and labels.get(target.group(1), len(code)) < len(code):
                loops.append((function, labels[target.group(1)], len(code)))
    has_products = lambda loop: any(syntax["product"].match(line) for line in code[loop[1]:loop[2]])
    loops = [loop for loop in loops if has_products(loop)]
    inner = [x for x in loops if not any(y != x and x[1] <= y[1] and y[2] <= x[2] for y in loops)]
    return [(name, code[start:end]) for name, start, end in inner]


def rows_of(lines, syntax):
    """Of each linear for N tokens: (name, instructions, products, loads)."""
    best = {}
    for name, code in loops_of(lines, syntax):
        products, loads = (sum(bool(syntax[what].match(line)) for line in code) for what in ("product", "load"))
        if re.search(r"linear_\d+_x(?:64|128|256)$", name or "") and products > best.get(name, (0, 0))[1]:
            best[name] = (len(code), products, loads)
    return [(name, *row) for name, row in sorted(best.items())]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def texts(kind, options):
    with tempfile.TemporaryDirectory() as folder:
        checkpoint, ptx, binary = (os.path.join(folder, name) for name in ("phi4.gguf", "phi4.ptx", "phi4.cubin"))
        write_checkpoint(checkpoint, "bf16")
        run(os.path.abspath(options.phidias), "compile", checkpoint, "--target=cuda-sm" + options.sm, "--quantize=" + kind,
            "--quantize-head=" + kind, "--quantize-embed=" + kind, "--emit=ptx", "-o", ptx)
        with open(ptx) as file:
            yield "PTX", ptx_lines(file.read()), PTX
        if options.ptxas and options.nvdisasm:
            run(options.ptxas, "-arch=sm_" + options.sm, ptx, "-o", binary)
            yield "SASS", sass_lines(run(options.nvdisasm, "-c", binary)), SASS


def arguments():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phidias", default=os.path.join(here, "build/release/bin/phidias"))
    parser.add_argument("--format", nargs="+", default=["int4", "int8", "bf16", "f16"])
    parser.add_argument("--sm", default="80")
    parser.add_argument("--ptxas")
    parser.add_argument("--nvdisasm")
    return parser.parse_args()


def main():
    options = arguments()
    print("| format | code | linear | instructions | products | their loads | share |", "|---" * 7 + "|", sep="\n")
    for kind in options.format:
        for code, lines, syntax in texts(kind, options):
            rows = rows_of(lines, syntax)
            if not rows:
                print(f"| {kind} | {code} | none has products | | | | 0, missed |")
            for name, size, products, loads in rows:
                share = (products + loads) / size
                print(f"| {kind} | {code} | {name} | {size} | {products} | {loads} | {share:.3f}{'' if share >= ASKED else ', missed'} |")


if __name__ == "__main__":
    main()
