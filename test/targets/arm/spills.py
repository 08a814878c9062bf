"""No inner loop of products spills a register: what a compile for a feature set makes of each format, for decode, few and many tokens.

usage: spills.py PHIDIAS TARGET
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../scripts"))
from arm_loops import PRODUCT, SPILL, count, innermost, loops_of
from hollow_checkpoint import write_checkpoint

# Type of the checkpoint, and --quantize; kernels of decode, few and many tokens for five matrices are 30 loops or more.
FORMATS = {"q4_0": "keep", "q4_1": "keep", "q6_k": "keep", "q8_0": "keep", "bf16": "int4 int8 bf16", "f16": "f16", "f32": "f32"}
LEAST_LOOPS = 30


def assembly(phidias, target, path, quantize):
    kinds = [f"--{what}={quantize}" for what in ("quantize", "quantize-head", "quantize-embed")]
    done = subprocess.run([phidias, "compile", path, "--target=" + target, *kinds, "-o", "-", "--emit=asm"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"FAILED {target}, {quantize}: {done.stderr[:1000]}")
    return done.stdout


def product_loops(text):
    """But for what ends a pass: SiLU's polynomial, once for a row of the result."""
    for outer in loops_of(text):
        for loop in innermost(outer):
            if count(PRODUCT, loop.own()) >= 4 and not any("\tfdiv" in line for line in loop.own()):
                yield loop


def problems(text):
    loops = list(product_loops(text))
    if len(loops) < LEAST_LOOPS:
        yield f"{len(loops)} loops of products, expected {LEAST_LOOPS} or more"
    for loop in loops:
        if spilt := count(SPILL, loop.own()):
            yield f"{spilt} in {loop.label}"


def main():
    phidias, target = sys.argv[1:]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for stored, kinds in FORMATS.items():
            path = os.path.join(folder, stored + ".gguf")
            write_checkpoint(path, stored)
            for quantize in kinds.split():
                found = list(problems(assembly(phidias, target, path, quantize)))
                failed |= bool(found)
                print(f"{'FAILED ' if found else ''}{stored} {quantize}: {', '.join(found) or 'no spill'}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
