#!/usr/bin/env python3
"""A program for arm64 runs on each processor the best code that it can, one for a core that has more than the processor says
what it lacks, and all of them compute what one for this machine does.

usage: arm_targets.py PHIDIAS
"""
import os
import sys
import tempfile

import toys
from machines import A64FX, A64FX_256, ARM
from program import Failure, compile_model, main, need
from tiled_checks import bounds, check_close

TOKENS = list(range(3, 43))
# An ulp may turn a code of an activation.
BOUND = bounds.bound("i8", "f16")
A72, N1, SVE128, SVE256, SVE512 = (ARM[name] for name in ("cortex-a72", "neoverse-n1", "sve128", "sve256", "sve512"))
# A target's single code; where it runs: on vectors longer than it asks for, too; where it does not, and what the line names.
LONG = "arm64-generic+dotprod+i8mm+bf16+sve256"
SINGLE = {
    "arm64-cortex-a72": ([A72, SVE512], []),
    "arm64-neoverse-n1": ([N1, SVE128], [(A72, "asimddp")]),
    "arm64-neoverse-v2": ([SVE128, SVE256], [(A72, "i8mm"), (N1, "i8mm"), (A64FX, "i8mm")]),
    LONG: ([SVE256, SVE512], [(SVE128, "SVE vectors of 256 bits"), (N1, "i8mm")]),
    "arm64-generic+sve256": ([A64FX_256, SVE512], [(SVE128, "SVE vectors of 256 bits"), (N1, "sve")]),
    "arm64-generic+sve512": ([SVE512, A64FX], [(SVE256, "SVE vectors of 512 bits"), (A72, "sve")]),
}


def check_many(program, expected):
    for machine in (*ARM.values(), A64FX, A64FX_256):
        version = program.on(machine).run("--version")
        if f"code for {machine.code}\n" not in version:
            raise Failure(f"{machine.name}: expected code for {machine.code}, got {version}")
        check_close(f"arm64 on {machine.name}", program.on(machine).logits(TOKENS), expected, BOUND)


def check_single(program, target, expected):
    runs, lacks = SINGLE[target]
    for machine in runs:
        check_close(f"{target} on {machine.name}", program.on(machine).logits(TOKENS), expected, BOUND)
    for machine, what in lacks:
        line = program.on(machine).refusal("generate", "--tokens", "3")
        if what not in line:
            raise Failure(f"{target} on {machine.name}: expected a line about {what}, got {line}")


def check(phidias):
    need(A72)
    with tempfile.TemporaryDirectory() as work:
        path, _ = toys.make("phi3-gqa", os.path.join(work, "toy"))
        expected = compile_model(phidias, path, os.path.join(work, "here"), "--quantize=int8").logits(TOKENS)
        check_many(compile_model(phidias, path, os.path.join(work, "many"), "--quantize=int8", "--target=arm64"), expected)
        for target in SINGLE:
            program = compile_model(phidias, path, os.path.join(work, "one"), "--quantize=int8", "--target=" + target)
            check_single(program, target, expected)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(check, sys.argv[1])
