#!/usr/bin/env python3
"""Holds tiled programs of toys against the reference pipeline on the same quantised weights.

usage: run_tiled.py PHIDIAS [TOY ...] | run_tiled.py --list
Bounds: test/numerics/bounds.py. How a prompt is cut into passes, how many threads work, and how they share the work, must not change a bit.
"""
import os
import sys
import tempfile

import numpy as np

import toys
from program import Failure, compile_model, ids, main, run
from run_toys import check_logits
from tiled_cases import CASES, NEEDS, SCHEDULES, toys as tiled_toys
from toy_list import toy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "numerics"))
import bounds

HERE = os.path.dirname(os.path.abspath(__file__))
PASSES = (1, 2, 3, 4, 5, 8, 9, 17, 33)
LENGTH, LONG = 40, 250
THREADS = range(2, min(3, os.cpu_count()) + 1)  # a program refuses more than the machine has


def host_flags():
    with open("/proc/cpuinfo") as info:
        return set(next(line for line in info if line.startswith("flags")).split())


def activation(case):
    """The coarsest that any stage of the program rounds its rows to."""
    kinds = set(toy(case.toy)["kinds"].values()) if case.quantize == "keep" else {case.quantize}
    if kinds & {"int4", "int8", "q4_0", "q4_1", "q8_0", "q6_k"}:
        return "i8"
    return "bf16" if "bf16" in kinds and case.target in ("native", "x86-64") and "avx512_bf16" in host_flags() else "f32"


def logits(program, tokens, *flags):
    out = program.path + ".npy"
    run([program.path, "logits", "--tokens", ids(tokens), "--output", out, *flags])
    return np.load(out)


def check_close(what, got, expected, bound):
    """Root mean squares of difference and reference; the largest difference."""
    difference = got.astype(np.float64) - expected
    size = np.sqrt(np.mean(np.square(expected.astype(np.float64))))
    error, worst = np.sqrt(np.mean(np.square(difference))) / size, np.abs(difference).max() / size
    print(f"{what}: error {error:.2e} of {bound:.2e}, worst {worst:.2e} of {bounds.WORST * bound:.2e}", flush=True)
    if not error <= bound or not worst <= bounds.WORST * bound:
        raise Failure(f"{what}: error {error:.2e}, worst {worst:.2e}; bounds {bound:.2e}, {bounds.WORST * bound:.2e}")


def check_same(what, got, expected):
    if not np.array_equal(got, expected):
        rows = np.flatnonzero((got != expected).any(1))
        raise Failure(f"{what}: {len(rows)} of {len(got)} rows differ, the first {rows[0]}, by at most "
                      f"{np.abs(got - expected).max():.2e}")


def check_cuts(case, program, tokens, whole):
    """An int8 cache rounds the weights of the softmax where few tokens are in a pass; all else is the same computation.
    The cache's capacity, which is rounded up to 16, is of no consequence."""
    check_same("capacity", logits(program, tokens, "--context", str(len(tokens)), "--threads", "1"), whole)
    for count in PASSES:
        got, what = logits(program, tokens, "--pass", str(count), "--threads", "1"), f"passes of {count}"
        if case.cache == "int8":
            check_close(what, got, whole, bounds.bound(activation(case), case.cache))
        else:
            check_same(what, got, whole)


def check_threads(program, tokens, whole):
    single = logits(program, tokens, "--pass", "1", "--threads", "1")
    for threads in THREADS:
        check_same(f"{threads} threads", logits(program, tokens, "--threads", str(threads)), whole)
        check_same(f"{threads} threads, token by token",
                   logits(program, tokens, "--pass", "1", "--threads", str(threads)), single)


def check_claims(program, tokens, whole):
    """Pieces that are claimed, finer than a thread's share, by whoever is free."""
    single = logits(program, tokens, "--pass", "1", "--threads", "1", "--share=even")
    for threads in (1, *THREADS):
        flags = ["--threads", str(threads), "--share=claim"]
        check_same(f"{threads} threads that claim", logits(program, tokens, *flags), whole)
        check_same(f"{threads} threads that claim, token by token", logits(program, tokens, "--pass", "1", *flags), single)


def check_greedy(program, prompt):
    """generate takes the likeliest of the logits, token after token."""
    answer = [int(t) for t in program.greedy(prompt, 12, "--ignore-eos")["tokens"]]
    rows = logits(program, list(prompt) + answer[:-1])[len(prompt) - 1:]
    if rows.argmax(1).tolist() != answer:
        raise Failure(f"greedy: {answer}, but the likeliest are {rows.argmax(1).tolist()}")


def check_case(phidias, case, model, work):
    t = toy(case.toy)
    schedule = os.path.join(work, "schedule")
    with open(schedule, "w") as out:
        out.write(SCHEDULES[case.schedule])
    flags = [f"--quantize={case.quantize}", f"--target={case.target}"]
    reference = compile_model(phidias, model, os.path.join(work, "reference"), *flags, "--pipeline=reference")
    program = compile_model(phidias, model, os.path.join(work, "program"), *flags, f"--kv={case.cache}",
                            f"--schedule={schedule}")
    if not NEEDS[case.target] <= host_flags():
        print(f"NOT RUN: this machine lacks {' '.join(sorted(NEEDS[case.target] - host_flags()))}")
        return
    length = LONG if case.schedule == "odd" and t["max"] > LONG else LENGTH
    tokens = np.random.RandomState(5).randint(0, t["vocab"], length)
    whole = logits(program, tokens, "--threads", "1")
    check_close("logits", whole, logits(reference, tokens), bounds.bound(activation(case), case.cache))
    check_cuts(case, program, tokens, whole)
    check_threads(program, tokens, whole)
    check_claims(program, tokens, whole)
    print(f"passes of {', '.join(map(str, PASSES))} tokens, 1 to {THREADS[-1]} threads and claimed pieces: "
          f"{'within bounds' if case.cache == 'int8' else 'equal'}", flush=True)
    if t["longrope"]:
        short = tokens[:9]
        check_close("short factors", logits(program, short), logits(reference, short),
                    bounds.bound(activation(case), case.cache))
    else:
        check_greedy(program, tokens[:10])
    if case.quantize == "f32" and case.cache == "f32":
        r = np.load(os.path.join(HERE, "references", case.toy + ".npz"))
        check_logits(program, "against transformers", r["tokens"], r["logits"], r["torch_error"])


def check_all(phidias, names):
    failed = []
    for case in CASES:
        if names and case.toy not in names:
            continue
        print(f"== {' '.join(case)}", flush=True)
        with tempfile.TemporaryDirectory() as work:
            model, _ = toys.make(case.toy, os.path.join(work, "model"))
            try:
                check_case(phidias, case, model, work)
            except Failure as failure:
                print(f"FAILED: {failure}", flush=True)
                failed.append(" ".join(case))
    if failed:
        raise Failure(f"{len(failed)} cases: {'; '.join(failed)}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(tiled_toys()))
    elif len(sys.argv) < 2:
        sys.exit(__doc__)
    else:
        main(check_all, sys.argv[1], sys.argv[2:])
