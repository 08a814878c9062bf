"""The steps of phi.tile_choose as a block of the simulator takes them, against phirt/abi/Choice.h in Python's whole numbers and numpy's
sorting: the same token for every row of logits, choice and random number, with no tolerance.

usage: choose_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...
"""
import math
import struct
import sys

import numpy as np

from block_cases import main
from block_program import BlockProgram
from tile_program import Failure

ROUNDS, WORK_BYTES = 8, 1 << 16  # of TileChooseOp; the work is given more than it asks for
STEPS = ("best", "begin", "narrow", "weigh", "draw")
SERIES = [round(2 ** 32 * math.log(2) ** n / math.factorial(n)) for n in range(11)]


def weight(score, top):
    """2^40 e^(score - top), of two f32."""
    y = int(np.float32(min(np.float32(top - score), np.float32(64))) * np.float32(2 ** 24))
    z = y * round(2 ** 30 / math.log(2)) >> 30
    total = SERIES[-1]
    for term in reversed(SERIES[:-1]):
        total = term - (total * (z & 0xffffff) >> 24)
    return (total << 8) >> (z >> 24) if z >> 24 <= 40 else 0


class Choice:
    def __init__(self, random=0, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, drawn=True):
        self.random, self.temperature, self.top_k, self.min_p = random, np.float32(temperature), top_k, min_p
        self.top_p = 0 if top_p >= 1 else max(1, int(math.ldexp(top_p, 64)))
        self.log_min_p = math.log(min_p) if min_p > 0 else -math.inf
        self.drawn = drawn

    def bytes(self):
        return struct.pack("<QQdfiii", self.random, self.top_p, self.log_min_p, self.temperature, self.drawn, self.top_k, 12345)

    def __repr__(self):
        return f"Choice({vars(self)})"

    def token(self, logits):
        with np.errstate(all="ignore"):
            scores = logits / self.temperature
        ids = [int(i) for i in np.flatnonzero(np.isfinite(scores))]
        if not ids:
            return -1
        left = sorted(ids, key=lambda i: (-scores[i], i))
        top = scores[left[0]]
        if not self.drawn:
            return left[0]
        if 0 < self.top_k < len(left):
            left = [i for i in left if scores[i] >= scores[left[self.top_k - 1]]]
        if self.top_p:
            wanted, ahead, kept = max(1, self.top_p * sum(weight(scores[i], top) for i in left) >> 64), 0, []
            for i in left:
                if ahead >= wanted:
                    break
                kept.append(i)
                ahead += weight(scores[i], top)
            left = kept
        left = sorted(i for i in left if float(scores[i]) >= float(top) + self.log_min_p)
        number = self.random * sum(weight(scores[i], top) for i in left) >> 64
        for i in left:
            number -= weight(scores[i], top)
            if number < 0:
                return i
        raise AssertionError("the number is below the sum")


class Row:
    """Choices of one width of the vocabulary."""

    def __init__(self, vocab, count):
        self.vocab, self.count = vocab, count

    def name(self):
        return f"{self.vocab} tokens"

    def text(self):
        return "\n".join(f"""func.func @{step}(%logits: memref<?x{self.vocab}xf32>, %choice: memref<?xi8>, %work: memref<?xi8>,
                                               %row: index, %round: index, %first: index, %from: index, %to: index) {{
          phi.tile_choose "{step}" %logits[%row] by %choice, %work round %round first %first slices %from to %to
            : memref<?x{self.vocab}xf32>, memref<?xi8>, memref<?xi8>
          return
        }}""" for step in STEPS)

    FUNCTIONS = {step: [2, 1, 1] + ["index"] * 5 for step in STEPS}

    def choices(self, random):
        """(logits, choice): what has a case of its own first, then at random."""
        v = self.vocab
        plain = random.normal(0, 3, v).astype(np.float32)
        coarse = (random.integers(-12, 13, v) / 4).astype(np.float32)  # many ties
        broken = plain.copy()
        broken[::7], broken[1::7], broken[2::7] = np.nan, np.inf, -np.inf
        zeros = np.where(np.arange(v) % 2, np.float32(-0.0), np.float32(0.0))
        wide = random.normal(0, 1e30, v).astype(np.float32)
        none = np.full(v, np.nan, np.float32)
        draw = lambda: int(random.integers(0, 2 ** 64, dtype=np.uint64))
        for logits in (plain, coarse, broken, zeros, wide, none):
            yield logits, Choice(drawn=False)
            yield logits, Choice(draw(), temperature=0.7)
        yield coarse, Choice(0)
        yield coarse, Choice(2 ** 64 - 1)
        yield plain, Choice(2 ** 64 - 1, top_k=1)
        yield none, Choice(draw(), top_k=3, top_p=0.5)
        yield broken, Choice(draw(), top_k=v)
        yield coarse, Choice(draw(), top_k=v + 5, top_p=0.9)
        yield zeros, Choice(2 ** 64 - 1, top_p=0.5)  # of equals the lower half
        yield coarse, Choice(draw(), top_p=1e-9)
        yield coarse, Choice(draw(), min_p=math.exp(-0.25))
        yield plain, Choice(draw(), min_p=1.0)
        for _ in range(self.count):
            logits = (plain, coarse, broken)[random.integers(3)]
            yield logits, Choice(draw(), random.uniform(0.3, 2), int(random.choice([0, 0, 1, 5, 50, v - 1])),
                                 random.choice([1.0, 0.999, 0.9, 0.3]), random.choice([0, 0, 0.01, 0.3]))


def slices(columns):
    """TileChooseOp::slicesFor: 128, but of 256 columns at least."""
    return -(-columns // max(256, -(-columns // 128)))


def device_token(program, arrays, choice):
    logits, where, work = arrays
    where[:] = np.frombuffer(choice.bytes(), np.int8)
    work[:] = -1
    first, last = (0 if choice.top_k else ROUNDS), (2 * ROUNDS if choice.top_p else ROUNDS)
    step = lambda name, slices, at: program.call(name, logits, where, work, 1, at, first, 0, slices)
    step("best", slices(logits.shape[1]), first)
    step("begin", 1, first)
    if choice.drawn:
        for at in range(first, last):
            step("narrow", slices(logits.shape[1]), at)
        step("weigh", slices(logits.shape[1]), last)
        step("draw", 1, last)
    return int(where.view(np.int32)[-1])


def run_case(case, number, folder, tools):
    random = np.random.default_rng(number)
    program = BlockProgram(case.text(), folder, tools, case.FUNCTIONS, f"choose{number}")
    logits = program.guarded((2, case.vocab), np.float32)
    logits[0] = np.nan
    where = program.aligned(len(Choice().bytes()))
    work = program.aligned(WORK_BYTES)
    count, tokens = 0, set()
    for row, choice in case.choices(random):
        logits[1] = row
        got, expected = device_token(program, (logits, where, work), choice), choice.token(row)
        if got != expected:
            raise Failure(f"token {got} instead of {expected} by {choice}")
        count += 1
        tokens.add(got)
    return f"{count} choices, {len(tokens)} different tokens"


def cases():
    yield Row(100, 12)    # one slice
    yield Row(1000, 12)   # four, the last one short
    yield Row(5000, 4)    # twenty: two turns over a histogram
    yield Row(40001, 2)   # two turns of the block a slice


if __name__ == "__main__":
    main(cases(), run_case, sys.argv[1:])
