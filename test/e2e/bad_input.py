#!/usr/bin/env python3
"""Damaged checkpoints and wrong flags: exit code 1 (2 for usage), one line on stderr, nothing left behind.

usage: bad_input.py [--machine=PROCESSOR] PHIDIAS
With a processor: the program's flags and files alone, on it.
"""
import os
import shutil
import subprocess
import sys
import tempfile

import toys
from bad_checkpoints import FOLDERS, GGUFS, edit_bytes
from machines import HERE, take_machine
from program import Failure, compile_model, main, need

# No bad input may take longer than this.
SECONDS = 60


def listing(folder):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(folder) for f in files)


def probe(problems, what, command, expected, folder, says=""):
    """Runs a command that must fail, and notes what it does otherwise."""
    before = listing(folder)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                              timeout=SECONDS)
    except subprocess.TimeoutExpired:
        problems.append(f"{what}: still running after {SECONDS} s")
        return
    text = done.stderr.decode(errors="replace")
    # Warnings may come before the one line that says what is wrong.
    lines = [line for line in text.splitlines() if not line.startswith("phidias: warning:")]
    found = []
    if done.returncode != expected:
        found.append(f"exit code {done.returncode}, expected {expected}")
    if len(lines) != 1 or not text.endswith("\n"):
        found.append(f"{len(lines)} lines on stderr, expected one")
    if says and says not in text:
        found.append(f"stderr does not name {says}")
    if listing(folder) != before:
        found.append(f"left behind: {sorted(set(listing(folder)) ^ set(before))}")
    print(f"  {what}: {lines[0][:160] if lines else '(silent)'}", flush=True)
    if found:
        problems.append(f"{what}: {'; '.join(found)}: {text[:300]!r}")


USAGE = [[], ["frobnicate"], ["compile"], ["compile", "MODEL"], ["compile", "MODEL", "-o"],
         ["compile", "MODEL", "-o", "OUT", "--quantize=int99"], ["compile", "MODEL", "-o", "OUT", "--pipeline=none"],
         ["compile", "MODEL", "-o", "OUT", "--target=pdp11"], ["compile", "MODEL", "-o", "OUT", "--frob"],
         ["compile", "MODEL", "-o", "OUT", "--target=core2"], ["compile", "MODEL", "-o", "OUT", "--target=x86-64-v3+warp"],
         ["compile", "MODEL", "-o", "OUT", "--kv=int5"], ["compile", "MODEL", "-o", "OUT", "--quantize-head=int3"],
         ["compile", "MODEL", "OTHER", "-o", "OUT"], ["compile", "MODEL", "-o", "OUT", "--emit=soup"]]
# What the model cannot take, and schedules (file names stand for their text), with what the one line must say.
COMPILE_FAILURES = [(["--kv=int8"], "i8 needs heads of a multiple of 32 channels, got 16"),
                    (["--schedule=absent"], "absent: cannot read the schedule"),
                    (["--schedule", "gates tokens = 1"], 'names stage "gates", which the model does not have'),
                    (["--schedule", "o threads = 1"], "'threads' is no field of a schedule"),
                    (["--schedule", "o %s%n = 1"], "'%s%n' is no field of a schedule"),
                    (["--schedule", "o chunk = 1048576"], "bytes unpacked, the first cache has"),
                    (["--schedule", "* tokens = 16, panels = 8"], "vector registers"),
                    (["--schedule", "* streams = 0"], 'stage "qkv": streams must be 1 to 16'),
                    (["--schedule", "\0" * 99], ":1: ")]
PROGRAM_USAGE = [["--frob"], ["logits"], ["logits", "--tokens", "1,2"], ["logits", "--tokens", "1,,2", "--output", "OUT"],
                 ["logits", "--tokens", "x", "--output", "OUT"], ["generate", "--tokens", "1", "--max-tokens", "-1"],
                 ["generate", "--tokens", "1", "--temperature", "warm"], ["generate", "--tokens", "1", "--threads", "0"],
                 ["perplexity"], ["generate", "--tokens", "99999999999999999999"],
                 ["logits", "--tokens", "-1", "--output", "OUT"], ["logits", "--tokens", "1", "--output", "OUT", "--pass", "0"]]
PROGRAM_FAILURES = [["logits", "--tokens", "97", "--output", "OUT"],
                    ["generate", "--tokens", ",".join(["1"] * 300), "--max-tokens", "1"],
                    ["generate", "--tokens", "1", "--weights", "absent"], ["perplexity", "absent"],
                    ["logits", "--tokens", "1", "--output", "absent/x.npy"]]


def fill(words, model, out):
    return [{"MODEL": model, "OUT": out}.get(w, w) for w in words]


def check_checkpoints(problems, phidias, work, source, damages, is_file):
    for what, damage in damages.items():
        damage, says = damage if isinstance(damage, tuple) else (damage, "model.gguf")
        folder = os.path.join(work, "case")
        shutil.copytree(source, folder)
        model = os.path.join(folder, "model.gguf") if is_file else folder
        damage(model)
        probe(problems, what, [phidias, "compile", model, "-o", os.path.join(work, "out")], 1, work, says)
        shutil.rmtree(folder)


def check_compiler(problems, phidias, work):
    toys.make("phi3-gqa", os.path.join(work, "good"))
    toys.make("gguf-phi3-f32", os.path.join(work, "good-gguf"))
    check_checkpoints(problems, phidias, work, os.path.join(work, "good"), FOLDERS, False)
    check_checkpoints(problems, phidias, work, os.path.join(work, "good-gguf"), GGUFS, True)
    out = os.path.join(work, "out")
    for words in USAGE:
        probe(problems, f"usage: {words}", [phidias] + fill(words, os.path.join(work, "good"), out), 2, work)
    for flags, says in COMPILE_FAILURES:
        if len(flags) == 2:
            with open(os.path.join(work, "schedule"), "w") as file:
                file.write(flags[1])
            flags = ["--schedule=" + os.path.join(work, "schedule")]
        probe(problems, f"{flags}: {says}", [phidias, "compile", os.path.join(work, "good"), "-o", out, *flags], 1, work, says)
    for model, output in (("absent", "out"), ("good", "absent/out"), ("good/config.json", "out")):
        command = [phidias, "compile", os.path.join(work, model), "-o", os.path.join(work, output)]
        probe(problems, f"{model} to {output}", command, 1, work)
    command = [phidias, "compile", os.path.join(work, "good"), "--emit=phi", "-o", os.path.join(work, "absent", "out")]
    probe(problems, "--emit to absent/out", command, 1, work, os.path.join("absent", "out: cannot write"))


def check_program(problems, phidias, machine, work):
    model, _ = toys.make("gguf-phi3-f32", os.path.join(work, "good-gguf"))
    program = compile_model(phidias, model, os.path.join(work, "program"), machine=machine)
    path = program.path
    out = os.path.join(work, "out")
    for expected, cases in ((2, PROGRAM_USAGE), (1, PROGRAM_FAILURES)):
        for words in cases:
            probe(problems, f"program: {' '.join(words)[:60]}", program.command(*fill(words, "", out)), expected, work)
    for what, change in (("cut", lambda d: d[:-64]), ("empty", lambda d: b""), ("of other magic", lambda d: b"X" + d[1:]),
                         ("of another model", lambda d: d[:16] + bytes(32) + d[48:])):
        shutil.copy(path + ".weights", out + ".weights")
        edit_bytes(out + ".weights", change)
        probe(problems, f"program: weights {what}", program.command("generate", "--tokens", "1", "--max-tokens", "1",
                                                                    "--weights", out + ".weights"), 1, work)
        os.remove(out + ".weights")
    os.remove(path + ".weights")
    probe(problems, "program: no weights", program.command("generate", "--tokens", "1"), 1, work)


def check(phidias, machine):
    need(machine)
    problems = []
    with tempfile.TemporaryDirectory() as work:
        if machine is HERE:
            check_compiler(problems, phidias, work)
        check_program(problems, phidias, machine, work)
    if problems:
        raise Failure(f"{len(problems)} cases\n" + "\n".join(problems))


if __name__ == "__main__":
    machine, words = take_machine(sys.argv[1:])
    if len(words) != 1:
        sys.exit(__doc__)
    main(check, words[0], machine)
