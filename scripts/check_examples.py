#!/usr/bin/env python3
"""Runs every ```mlir block of the dialect's td files through phidias-opt, and asks that each op shows one.

usage: check_examples.py DIALECTS_DIR PHIDIAS_OPT
"""
import pathlib
import re
import subprocess
import sys
import textwrap

BLOCK = re.compile(r"```mlir\n(.*?)```", re.S)
OP = re.compile(r'^def \w+ : Phi_Op<"(\w+)"', re.M)
# Shown in the example of the op that they belong to.
SHOWN_ELSEWHERE = {"yield": "phi.layers"}


def faults(path, tool):
    text = path.read_text()
    blocks = [textwrap.dedent("      " + b if not b.startswith(" ") else b) for b in BLOCK.findall(text)]
    for op in OP.findall(text):
        if not any(f"phi.{op}" in block for block in blocks):
            yield f"{path}: phi.{op} has no example"
    for block in blocks:
        run = subprocess.run([tool, "-"], input=block, capture_output=True, text=True)
        if run.returncode:
            yield f"{path}: example does not run: {run.stderr.strip()}"


def main():
    root, tool = sys.argv[1:]
    paths = sorted(pathlib.Path(root).rglob("*.td"))
    found = [fault for path in paths for fault in faults(path, tool)]
    examples = sum(len(BLOCK.findall(p.read_text())) for p in paths)
    print("\n".join(found) or f"{examples} examples run")
    sys.exit(bool(found) or examples == 0)


if __name__ == "__main__":
    main()
