#!/usr/bin/env python3
"""Holds tiled programs of toys against the reference pipeline on the same quantised weights.

usage: run_tiled.py PHIDIAS [--suite=here|arm|cuda] [TOY ...] | run_tiled.py --list [--suite=...]
here: tiled_cases.py; arm: arm_cases.py, on ARM64 processors that qemu-aarch64 plays; cuda: cuda_cases.py, by CUDA's simulator.
The reference program is always for this machine.
Bounds: test/numerics/bounds.py. How a prompt is cut into passes, how many threads work, and how they share the work,
must not change a bit; what CUDA is held to instead says cuda_checks.py.
"""
import os
import sys
import tempfile
from collections import namedtuple

import numpy as np

import arm_cases
import cuda_cases
import cuda_checks
import machines
import tiled_cases
import tiled_checks
import toys
from program import Failure, compile_model, main, skip
from run_toys import check_logits
from tiled_cases import NEEDS, schedule_of
from toy_list import toy

HERE = os.path.dirname(os.path.abspath(__file__))
LENGTH, LONG, SHORT = 40, 250, 9

# check(case, program, tokens, logits of all tokens, logits of the first few or None)
Suite = namedtuple("Suite", "cases check")
SUITES = {
    "here": Suite(tiled_cases.CASES, tiled_checks.check_program),
    "arm": Suite(arm_cases.CASES, tiled_checks.check_program),
    "cuda": Suite(cuda_cases.CASES, cuda_checks.check_program),
}


def compile_both(phidias, case, model, work):
    """The reference pipeline's program, for this machine, and the tiled one."""
    schedule = os.path.join(work, "schedule")
    with open(schedule, "w") as out:
        out.write(schedule_of(case))
    quantize, target = f"--quantize={case.quantize}", f"--target={case.target}"
    here = [target] if case.machines == (machines.HERE,) else []
    reference = compile_model(phidias, model, os.path.join(work, "reference"), quantize, *here, "--pipeline=reference")
    return reference, compile_model(phidias, model, os.path.join(work, "program"), quantize, target, f"--kv={case.cache}",
                                    f"--schedule={schedule}")


def check_machine(check, case, program, tokens, expected, expected_short):
    lacking = NEEDS.get(case.target, set()) - program.machine.features
    if lacking:
        print(f"NOT RUN: this machine lacks {' '.join(sorted(lacking))}")
        return
    check(case, program, tokens, expected, expected_short)
    if case.quantize == "f32" and case.cache == "f32":
        r = np.load(os.path.join(HERE, "references", case.toy + ".npz"))
        check_logits(program, "against transformers", r["tokens"], r["logits"], r["torch_error"])


def check_case(phidias, check, case, model, work):
    t = toy(case.toy)
    reference, program = compile_both(phidias, case, model, work)
    length = LONG if case.schedule == "odd" and t["max"] > LONG else LENGTH
    tokens = np.random.RandomState(5).randint(0, t["vocab"], length)
    expected = reference.logits(tokens)
    expected_short = reference.logits(tokens[:SHORT]) if t["longrope"] else None
    failed = []
    for machine in case.machines:
        print(f"-- {machine.name}", flush=True)
        try:
            check_machine(check, case, program.on(machine), tokens, expected, expected_short)
        except Failure as failure:
            print(f"FAILED: {failure}", flush=True)
            failed.append(machine.name)
    if failed:
        raise Failure(f"on {' '.join(failed)}")


def check_all(phidias, check, cases):
    failed = []
    for case in cases:
        what = " ".join(case[:5])
        print(f"== {what}", flush=True)
        with tempfile.TemporaryDirectory() as work:
            model, _ = toys.make(case.toy, os.path.join(work, "model"))
            try:
                check_case(phidias, check, case, model, work)
            except Failure as failure:
                print(f"FAILED: {failure}", flush=True)
                failed.append(what)
    if failed:
        raise Failure(f"{len(failed)} cases: {'; '.join(failed)}")


def check(phidias, suite, names):
    for reason in {machines.missing(machine) for case in suite.cases for machine in case.machines} - {""}:
        skip(reason)
    check_all(phidias, suite.check, [case for case in suite.cases if not names or case.toy in names])


if __name__ == "__main__":
    flag = "--suite="
    words = [word for word in sys.argv[1:] if not word.startswith(flag)]
    names = [word.removeprefix(flag) for word in sys.argv[1:] if word.startswith(flag)] or ["here"]
    if not words or names[-1] not in SUITES:
        sys.exit(__doc__)
    suite = SUITES[names[-1]]
    if words == ["--list"]:
        print("\n".join(dict.fromkeys(case.toy for case in suite.cases)))
    else:
        main(check, words[0], suite, words[1:])
