"""Compiles a checkpoint and talks to the program that comes out."""
import json
import os
import subprocess
import sys

import numpy as np

from machines import HERE, missing

# ctest's SKIP_RETURN_CODE: a test that cannot run prints why and leaves with this.
SKIPPED = 77


class Failure(Exception):
    """What a test found wrong, for people."""


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)


def run(command, timeout=600, text_in="", environment=None):
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout,
                          input=text_in, env={**os.environ, **(environment or {})})
    if done.returncode:
        raise Failure(f"{' '.join(command)[:300]}\n  exit code {done.returncode}: {done.stderr.strip()[:2000]}")
    return done.stdout


def compile_model(phidias, model, output, *flags, machine=HERE):
    """A program for `machine`, by its own target unless the flags name one."""
    target = [f"--target={machine.target}"] if machine.target and not any(f.startswith("--target=") for f in flags) else []
    run([phidias, "compile", model, "-o", output, *target, *flags])
    return Program(output, machine)


def need(machine):
    """Skips the test where no program can run on `machine`."""
    if missing(machine):
        skip(missing(machine))


class Program:
    def __init__(self, path, machine=HERE, environment=None):
        self.path, self.machine, self.environment = os.path.abspath(path), machine, environment or {}

    def on(self, machine):
        return Program(self.path, machine, self.environment)

    def under(self, **environment):
        """The same with these variables of the environment."""
        return Program(self.path, self.machine, {**self.environment, **environment})

    def command(self, *words):
        """The one place that says how a program is started."""
        return [*self.machine.runner, self.path, *words]

    def run(self, *words, text_in=""):
        return run(self.command(*words), text_in=text_in, environment=self.environment)

    def refusal(self, *words):
        """The one line of a program that must end with exit code 1."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, env={**os.environ, **self.environment})
        if done.returncode != 1 or done.stdout or done.stderr.count("\n") != 1:
            raise Failure(f"expected one line and exit code 1, got {done.returncode}: {done.stdout}{done.stderr}")
        print("refused: " + done.stderr.strip())
        return done.stderr

    def logits(self, tokens, *flags):
        """[tokens, vocab]"""
        out = self.path + ".npy"
        self.run("logits", "--tokens", ids(tokens), "--output", out, *flags)
        return np.load(out)

    def greedy(self, prompt, count, *flags):
        """What `generate --json` says of a greedy answer: tokens, stop, ..."""
        return self.answer(prompt, count, "--temperature", "0", *flags)

    def answer(self, prompt, count, *flags):
        text = self.run("generate", "--tokens", ids(prompt), "--max-tokens", str(count), "--json", *flags)
        return json.loads(text.splitlines()[-1])

    def perplexity(self, file, window):
        return json.loads(self.run("perplexity", file, "--window", str(window), "--json").splitlines()[-1])

    def tokenize_lines(self, texts):
        """Ids of each text."""
        lines = self.run("tokenize", "--lines", text_in="".join(json.dumps(t) + "\n" for t in texts))
        return [json.loads(line) for line in lines.splitlines()]


def ids(tokens):
    return ",".join(str(int(t)) for t in tokens)


def expect_close(what, got, expected, bound):
    """Prints the largest difference beside its bound; raises where it is larger, or not a number."""
    if got.shape != expected.shape:
        raise Failure(f"{what}: expected shape {expected.shape}, got {got.shape}")
    difference = np.abs(got.astype(np.float64) - expected)
    worst = float(difference.max())
    where = np.unravel_index(int(np.nan_to_num(difference, nan=np.inf).argmax()), difference.shape)
    print(f"{what}: largest difference {worst:.2e}, bound {bound:.2e}")
    if not worst <= bound:
        raise Failure(f"{what}: at {tuple(map(int, where))} expected {expected[where]}, got {got[where]}")


def expect_tokens(what, got, expected):
    got, expected = list(map(int, got)), list(map(int, expected))
    if got != expected:
        n = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
        raise Failure(f"{what}: {len(expected)} tokens expected, {len(got)} came; they part at {n}: "
                      f"expected {expected[n:n + 8]}, got {got[n:n + 8]}")
    print(f"{what}: {len(got)} tokens equal")


def expect_ids(program, rows):
    """`rows`: list of (text, ids)."""
    lines = program.tokenize_lines([text for text, _ in rows])
    if len(lines) != len(rows):
        raise Failure(f"expected {len(rows)} lines of ids, got {len(lines)}")
    for (text, ids_of_text), got in zip(rows, lines):
        if got != ids_of_text:
            raise Failure(f"{text!r}: expected ids {ids_of_text}, got {got}")
    print(f"ids of {len(rows)} strings equal")


def main(test, *arguments):
    """Runs a test; a failure is one message and exit code 1."""
    try:
        test(*arguments)
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
