#!/usr/bin/env python3
"""Compiles toy checkpoints and holds the programs against transformers' logits and greedy tokens.

usage: run_toys.py [--machine=PROCESSOR] PHIDIAS [NAME ...] [-- FLAG ...]
Default flags: --quantize=f32 --pipeline=reference. Processors: machines.py.

Bound on a logit: 4 times the error that torch's own f32 makes on this toy, and 3e-6 of the largest logit at least.
"""
import os
import sys
import tempfile

import numpy as np

import toys
from machines import take_machine
from program import Failure, compile_model, expect_close, expect_tokens, main, need
from toy_list import TOYS

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULT_FLAGS = ["--quantize=f32", "--pipeline=reference"]


def check_logits(program, what, tokens, expected, torch_error):
    bound = max(4 * float(torch_error), 3e-6 * float(np.abs(expected).max()))
    expect_close(what, program.logits(tokens), expected, bound)


def check_greedy(program, r):
    prompt, greedy, stopped = r["prompt"], r["greedy"], r["stopped"]
    expect_tokens("greedy", program.greedy(prompt, len(greedy), "--ignore-eos")["tokens"], greedy)
    answer = program.greedy(prompt, len(greedy))
    # The stop id itself closes the list.
    expect_tokens("greedy with the checkpoint's stop ids", answer["tokens"], greedy[:len(stopped) + 1])
    reason = "eos" if len(stopped) < len(greedy) else "length"
    if answer["stop"] != reason:
        raise Failure(f"expected the answer to stop by {reason}, got {answer['stop']}")


def check(phidias, machine, name, flags):
    r = np.load(os.path.join(HERE, "references", name + ".npz"))
    with tempfile.TemporaryDirectory() as work:
        path, digest = toys.make(name, os.path.join(work, name))
        if digest != str(r["digest"]):
            raise Failure(f"{name}: the toy's weights are not those of its reference; run make_references.py {name}")
        program = compile_model(phidias, path, os.path.join(work, "program"), *flags, machine=machine)
        check_logits(program, "logits", r["tokens"], r["logits"], r["torch_error"])
        if "short_tokens" in r:
            check_logits(program, "logits inside the original context", r["short_tokens"], r["short_logits"],
                         r["short_error"])
        check_greedy(program, r)


def check_all(phidias, machine, names, flags):
    need(machine)
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        try:
            check(phidias, machine, name, flags)
        except Failure as failure:
            print(f"FAILED: {failure}", flush=True)
            failed.append(name)
    if failed:
        raise Failure(f"{len(failed)} of {len(names)} toys: {' '.join(failed)}")


if __name__ == "__main__":
    machine, words = take_machine(sys.argv[1:])
    cut = words.index("--") if "--" in words else len(words)
    if cut == 0:
        sys.exit(__doc__)
    main(check_all, words[0], machine, words[1:cut] or list(TOYS), words[cut + 1:] or DEFAULT_FLAGS)
