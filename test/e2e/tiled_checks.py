"""What a tiled program of a toy is held to: the reference pipeline's logits, and that neither cuts nor threads change a bit."""
import os
import sys

import numpy as np

from program import Failure
from toy_list import toy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "numerics"))
import bounds

PASSES = (1, 2, 3, 4, 5, 8, 9, 17, 33)
THREADS = range(2, min(3, os.cpu_count()) + 1)  # a program refuses more than the machine has
CODES = {"int4", "int8", "q4_0", "q4_1", "q8_0", "q6_k"}


def multiplies_bf16(target, machine):
    """Whether the code of a program for `target` that runs on `machine` rounds rows to bf16: every kernel of CUDA's does."""
    if target.startswith("cuda-sim"):
        return True
    if machine.code:
        code = machine.code if target == "arm64" else target
        return "bf16" in code and "sve" not in code or target == "arm64-neoverse-v2"
    return target in ("native", "x86-64") and "avx512_bf16" in machine.features


def activation(case, machine):
    """The coarsest that any stage of the program rounds its rows to."""
    kinds = set(toy(case.toy)["kinds"].values()) if case.quantize == "keep" else {case.quantize}
    if "int4" in kinds and not case.target.startswith("cuda"):
        return "i8 in blocks"
    if kinds & CODES:
        return "i8"
    return "bf16" if "bf16" in kinds and multiplies_bf16(case.target, machine) else "f32"


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
    """An int8 cache rounds the weights of the softmax where few tokens are in a pass, and int4 has other codes where many are; all
    else is the same computation.
    The cache's capacity, which is rounded up to 16, is of no consequence."""
    check_same("capacity", program.logits(tokens, "--context", str(len(tokens)), "--threads", "1"), whole)
    for count in PASSES:
        got, what = program.logits(tokens, "--pass", str(count), "--threads", "1"), f"passes of {count}"
        kind = activation(case, program.machine)
        if case.cache == "int8" or kind == "i8 in blocks":
            check_close(what, got, whole, bounds.bound(kind, case.cache))
        else:
            check_same(what, got, whole)


def check_threads(program, tokens, whole):
    single = program.logits(tokens, "--pass", "1", "--threads", "1")
    for threads in THREADS:
        check_same(f"{threads} threads", program.logits(tokens, "--threads", str(threads)), whole)
        check_same(f"{threads} threads, token by token",
                   program.logits(tokens, "--pass", "1", "--threads", str(threads)), single)


def check_claims(program, tokens, whole):
    """Pieces that are claimed, finer than a thread's share, by whoever is free."""
    single = program.logits(tokens, "--pass", "1", "--threads", "1", "--share=even")
    for threads in (1, *THREADS):
        flags, what = ("--threads", str(threads), "--share=claim"), f"{threads} threads that claim"
        check_same(what, program.logits(tokens, *flags), whole)
        check_same(f"{what}, token by token", program.logits(tokens, "--pass", "1", *flags), single)


def check_greedy(program, prompt, *flags):
    """generate takes the likeliest of the logits, token after token."""
    answer = [int(t) for t in program.greedy(prompt, 12, "--ignore-eos")["tokens"]]
    rows = program.logits(list(prompt) + answer[:-1], *flags)[len(prompt) - 1:]
    if rows.argmax(1).tolist() != answer:
        raise Failure(f"greedy: {answer}, but the likeliest are {rows.argmax(1).tolist()}")


def check_program(case, program, tokens, expected, expected_short):
    """`expected`: the reference pipeline's logits of all tokens; the other, where it is not None, of the first few."""
    bound = bounds.bound(activation(case, program.machine), case.cache)
    whole = program.logits(tokens, "--threads", "1")
    check_close("logits", whole, expected, bound)
    check_cuts(case, program, tokens, whole)
    check_threads(program, tokens, whole)
    check_claims(program, tokens, whole)
    print(f"passes of {', '.join(map(str, PASSES))} tokens, 1 to {THREADS[-1]} threads and claimed pieces: "
          f"{'within bounds' if case.cache == 'int8' or case.quantize == 'int4' else 'equal'}", flush=True)
    if expected_short is None:
        # A prompt of two is a short pass everywhere: the same computation as token by token.
        blocks = activation(case, program.machine) == "i8 in blocks"
        check_greedy(program, *((tokens[:2], "--pass", "1") if blocks else (tokens[:10],)))
    else:
        check_close("short factors", program.logits(tokens[:len(expected_short)]), expected_short, bound)
