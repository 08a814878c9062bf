"""phi.tile_prepare and phi.tile_linear as sm_90 has them, wgmma and bulk copies, in the simulator, against numpy in
float64 and within the CPU's bounds (tile_linear_numerics.py).

usage: wgmma_numerics.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...
"""
import os
import sys
import tempfile

import numpy as np

from block_program import BlockProgram
from linear_case import Case
from linear_numerics import expected
from linear_reference import Prepared, check_prepared, normalised
from panels import Weight
from tile_linear_numerics import check_counts
from tile_program import Failure
from wide_rows import check_halves, check_wide, prepare, takes_count, wide_bytes, widen, with_count

NORM, OFFSET = 64, 4096
# Few tokens, whose kernels read the same records; tiles of 64 and 192, full and not; two tiles.
FEW, MANY = (1, 3, 8), (9, 64, 65, 192, 200, 270)  # by kernels of their own, and by wgmma
MOST = MANY[-1]


class TileCase(Case):
    def __init__(self, kind, rows, columns, **more):
        super().__init__(kind, rows, columns, activation={"bf16": "bf16"}.get(kind), schedule=(1, 96, 256, 1, 64), few_prefetch=48,
                         **more)
        widen(self)
        self.FUNCTIONS = {name: Case.FUNCTIONS[name] for name in ("prepare", "linear")}
        self.FUNCTIONS["prepare"] = self.FUNCTIONS["prepare"] + ["index"] * takes_count(self)

    def text(self):
        prepare, linear, _ = ["func.func" + part for part in super().text().split("func.func")[1:]]
        return (with_count(prepare) if takes_count(self) else prepare) + linear


def cases():
    for kind in ("bf16", "f16"):
        yield TileCase(kind, 17, 40, residual=True)                 # neither a panel nor a chunk is full
        yield TileCase(kind, 400, 136, norm=False)                  # several tiles of panels
        yield TileCase(kind, 192, 312, gated=True)                  # chunks go round the ring
        yield TileCase(kind, 256, 632, residual=True, norm=False)
    for kind in ("int4", "int8", "q4_0", "q4_1", "q6_k"):
        yield TileCase(kind, 272, 136, residual=True)
        yield TileCase(kind, 192, 632, gated=True)
    yield TileCase("int4", 17, 40, norm=False)


def natural(case, acts, count):
    """Records as they are elsewhere: Records.h, column by column; of wide rows f16 by f16, then the factor."""
    columns = wide_bytes(case) // 2 if takes_count(case) else case.padded
    token, column = np.meshgrid(np.arange(count), np.arange(columns), indexing="ij")
    quad = column % 64 // 4
    number = quad if case.codes else quad % 8 * 2 + quad // 8
    at = token // 8 * 8 * case.record + column // 64 * 1024 + token % 8 * 128
    at += (number // 2 ^ token % 8) * 16 + number % 2 * 8 + column % 4 * 2
    rows = acts.view(np.uint16)[at // 2]
    if not takes_count(case):
        return rows.view(np.int8).reshape(-1)
    token = np.arange(count)
    end = wide_bytes(case)
    factors = acts.view(np.float32)[(token // 8 * 8 * case.record + 8 * end + token % 8 * 4) // 4]
    records = np.zeros((count, case.record), np.int8)
    records[:, :end] = rows.view(np.int8)
    records[:, end:end + 4] = factors.view(np.int8).reshape(count, 4)
    return records.reshape(-1)


def multiply(case, program, weights, acts, count, old):
    """In two shares, as two blocks would; rows beyond the pass must not be touched."""
    result = program.aligned(old.size, np.float32).reshape(old.shape)
    result[:] = old
    scratch = program.aligned(64, fill=-1)
    panels = -(-case.results // 16)
    cut = panels // 2
    for first, end in ((0, cut), (cut, panels)) if cut else ((0, panels),):
        program.call("linear", acts, weights, OFFSET, result, scratch, first, end, count)
    if not np.array_equal(result[count:], old[count:]):
        raise Failure(f"count {count}: rows beyond the pass are written")
    return result[:count]


def run_case(case, program):
    random = np.random.default_rng(11)
    weight = Weight(case.kind, case.rows, case.columns, random)
    norm = (1 + 0.1 * random.standard_normal(case.columns)).astype(np.float32)
    data = weight.bytes()
    assert OFFSET >= NORM + norm.nbytes
    weights = program.aligned(OFFSET + len(data), fill=-1)
    weights[NORM:NORM + norm.nbytes] = norm.view(np.int8)
    weights[OFFSET:] = data.view(np.int8)
    rows = program.aligned((MOST + 1) * case.columns, np.float32).reshape(MOST + 1, -1)
    rows[:] = random.standard_normal(rows.shape)
    rows[3], rows[4], rows[5] = 0, rows[4] * 1e-30, rows[5] * 1e4
    rows[6, 7] = 1e6  # beyond f16
    acts = program.aligned(case.record * (-(-MOST // 8) * 8), fill=-1)
    old = np.random.default_rng(3).standard_normal((MOST + 3, case.results)).astype(np.float32)
    run = lambda count: multiply(case, program, weights, acts, count, old)
    parts = []
    for counts in (FEW, MANY):
        prepare(case, program, (rows, 1, weights, NORM), acts, ((0, 13), (13, MOST)), counts[-1])
        if counts is FEW:
            prepared = Prepared(case, acts if takes_count(case) else natural(case, acts, MOST), MOST)
            check_prepared(case, prepared, normalised(case, rows[1:], norm))
        elif case.codes:
            check_wide(case, natural(case, acts, MOST), prepared, MOST)
        elif takes_count(case):
            prepared = check_halves(case, natural(case, acts, MOST), prepared, MOST)
        parts.append(check_counts(run, counts, *expected(case, weight, prepared, old[:MOST], counts is MANY)))
    return max(parts)


def main():
    phidias_opt, llvm, *libraries = sys.argv[1:]
    tools = {"phidias-opt": phidias_opt, "libraries": libraries,
             **{tool: os.path.join(llvm, tool) for tool in ("mlir-opt", "mlir-translate", "clang")}}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases()):
            try:
                program = BlockProgram(case.text(), folder, tools, case.FUNCTIONS, f"wgmma{number}", capability=90)
                print(f"{case.name()}: {run_case(case, program):.2g} of its bound", flush=True)
            except Failure as failure:
                failures += 1
                print(f"FAILED {case.name()}: {failure}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
