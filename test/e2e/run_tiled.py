#!/usr/bin/env python3
"""Holds tiled programs of toys against the reference pipeline on the same quantised weights.

usage: run_tiled.py PHIDIAS [--arm] [TOY ...] | run_tiled.py --list [--arm]
The reference program always runs here; with --arm the tiled ones run on ARM64 processors that qemu-aarch64 plays.
Bounds: test/numerics/bounds.py. How a prompt is cut into passes, how many threads work, and how they share the work,
must not change a bit.
"""
import os
import sys
import tempfile

import numpy as np

import arm_cases
import machines
import tiled_cases
import toys
from program import Failure, compile_model, main, skip
from run_toys import check_logits
from tiled_cases import NEEDS, SCHEDULES
from tiled_checks import check_program
from toy_list import toy

HERE = os.path.dirname(os.path.abspath(__file__))
LENGTH, LONG, SHORT = 40, 250, 9


def compile_both(phidias, case, model, work):
    """The reference pipeline's program, for this machine, and the tiled one."""
    schedule = os.path.join(work, "schedule")
    with open(schedule, "w") as out:
        out.write(SCHEDULES[case.schedule])
    quantize, target = f"--quantize={case.quantize}", f"--target={case.target}"
    here = [target] if case.machines == (machines.HERE,) else []
    reference = compile_model(phidias, model, os.path.join(work, "reference"), quantize, *here, "--pipeline=reference")
    return reference, compile_model(phidias, model, os.path.join(work, "program"), quantize, target, f"--kv={case.cache}",
                                    f"--schedule={schedule}")


def check_machine(case, program, tokens, expected, expected_short):
    lacking = NEEDS.get(case.target, set()) - program.machine.features
    if lacking:
        print(f"NOT RUN: this machine lacks {' '.join(sorted(lacking))}")
        return
    check_program(case, program, tokens, expected, expected_short)
    if case.quantize == "f32" and case.cache == "f32":
        r = np.load(os.path.join(HERE, "references", case.toy + ".npz"))
        check_logits(program, "against transformers", r["tokens"], r["logits"], r["torch_error"])


def check_case(phidias, case, model, work):
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
            check_machine(case, program.on(machine), tokens, expected, expected_short)
        except Failure as failure:
            print(f"FAILED: {failure}", flush=True)
            failed.append(machine.name)
    if failed:
        raise Failure(f"on {' '.join(failed)}")


def check_all(phidias, cases):
    failed = []
    for case in cases:
        what = " ".join(case[:5])
        print(f"== {what}", flush=True)
        with tempfile.TemporaryDirectory() as work:
            model, _ = toys.make(case.toy, os.path.join(work, "model"))
            try:
                check_case(phidias, case, model, work)
            except Failure as failure:
                print(f"FAILED: {failure}", flush=True)
                failed.append(what)
    if failed:
        raise Failure(f"{len(failed)} cases: {'; '.join(failed)}")


def check(phidias, cases, names):
    for reason in {machines.missing(machine) for case in cases for machine in case.machines} - {""}:
        skip(reason)
    check_all(phidias, [case for case in cases if not names or case.toy in names])


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--arm"]
    cases = arm_cases.CASES if "--arm" in sys.argv else tiled_cases.CASES
    if words == ["--list"]:
        print("\n".join(dict.fromkeys(case.toy for case in cases)))
    elif not words:
        sys.exit(__doc__)
    else:
        main(check, words[0], cases, words[1:])
