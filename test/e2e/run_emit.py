#!/usr/bin/env python3
"""Looks inside: every --emit stop shows the IR of its step, which phidias-opt reads, and makes out of the one before.

usage: run_emit.py PHIDIAS PHIDIAS-OPT
"""
import os
import subprocess
import sys
import tempfile

import toys
from program import Failure, main, run

FUSE = ["--phi-fuse-qkv", "--phi-fuse-gate-up", "--phi-fuse-residual", "--phi-fuse-head", "--phi-outline-stages"]
# Stop, passes from the stop before (none where a target's machine joins in: at "scheduled"), what it must have and must not.
STEPS = [("phi", [], ["phi.layers order [0, 0]", "phi.swiglu", "bits = 4"], ["phi.stage", "packed"]),
         ("fused", FUSE, ['phi.stage "qkv"', 'phi.stage "gate_up"'], ["packed"]),
         ("packed", ["--phi-assign-layout=panels=true"], ["packed <offset = 0"], ["schedule <"]),
         ("scheduled", None, ["schedule <streams = "], ["phi.tile_linear"]),
         ("tiled", ["--phi-tile"], ["phi.tile_linear", "phi.tile_attention", "scf.forall"], ["phi.stage "]),
         ("vector", ["--phi-distribute", "--phi-outline-tiles", "--phi-vectorize", "--canonicalize", "--cse"], ["phi.dot", "vector.fma"],
          ["phi.tile_", "scf.forall", "math.exp"])]
# Instructions by target, of codes that vpmaddubsw can take (Q4_0) and of the look-up.
MACHINES = [("x86-64-v4+avx512vnni", ["vpdpbusd", "zmm"], ["vpmaddubsw"]),
            ("x86-64-v4", ["vpmaddubsw", "zmm"], ["vpdpbusd"]),
            ("x86-64-v3", ["vpmaddubsw", "ymm"], ["vpdpbusd", "zmm"]),
            ("arm64-neoverse-v2", ["smmla\t", "sdot\t"], ["smull", "vpdpbusd", "sdot\tz"]),
            ("arm64-a64fx", ["sdot\tz"], ["sdot\tv", "smmla"])]


def expect(what, text, present, absent):
    for word in present:
        if word not in text:
            raise Failure(f"{what}: has no {word}")
    for word in absent:
        if word in text:
            raise Failure(f"{what}: has {word}")


def check_steps(phidias, opt, model, work):
    before = None
    for stop, passes, present, absent in STEPS:
        path = os.path.join(work, stop + ".mlir")
        run([phidias, "compile", model, "--emit=" + stop, "-o", path])
        with open(path) as file:
            text = file.read()
        expect(f"--emit={stop}", text, present, absent)
        if before and passes is not None and run([opt, *passes, before]) != run([opt, path]):
            raise Failure(f"--emit={stop}: differs from {' '.join(passes)} of the stop before")
        before = path
    print(f"{len(STEPS)} stops as their passes make them")


def check_reference(phidias, model):
    for stop, present, absent in (("phi", ["through !phi.quantized"], []), ("packed", ["packed <offset"], ["panels = true"]),
                                  ("tiled", ["scf.for", "math.exp"], ["phi.tile_", "phi.linear"])):
        text = run([phidias, "compile", model, "--emit=" + stop, "--pipeline=reference"])
        expect(f"--pipeline=reference --emit={stop}", text, present, absent)


def check_machines(phidias, model, work):
    for target, present, absent in MACHINES:
        text = run([phidias, "compile", model, "--emit=asm", "--target=" + target])
        expect(f"--target={target} --emit=asm", text, present, absent)
        print(f"{target}: {' '.join(present)}, not {' '.join(absent)}")
    text = run([phidias, "compile", model, "--emit=llvm", "--target=" + MACHINES[0][0]])
    expect("--emit=llvm", text, ["@llvm.x86.avx512.vpdpbusd.512", "define"], [])
    path = os.path.join(work, "model.o")
    run([phidias, "compile", model, "--emit=obj", "-o", path])
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            raise Failure("--emit=obj: no ELF file")


def check_caution(phidias, model):
    """Code for a core that is not described comes with a warning, for one that is without."""
    for core, warned in (("cortex-a55", True), ("cortex-a76", False)):
        done = subprocess.run([phidias, "compile", model, "--emit=phi", "--target=arm64-" + core], capture_output=True, text=True)
        if done.returncode or (f"warning: --target=arm64-{core}: {core} is not described" in done.stderr) != warned:
            raise Failure(f"arm64-{core}: exit code {done.returncode}, standard error: {done.stderr}")
    print("cortex-a55: warned of")


def check(phidias, opt):
    with tempfile.TemporaryDirectory() as work:
        model, _ = toys.make("gguf-phi3-q4_0", os.path.join(work, "toy"))
        check_steps(phidias, opt, model, work)
        check_reference(phidias, model)
        check_machines(phidias, model, work)
        check_caution(phidias, model)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(check, *sys.argv[1:])
