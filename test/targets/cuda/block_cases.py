"""Runs cases of tile ops as threads of a block compute them, one program each."""
import os
import sys
import tempfile

import block_program  # it says where the modules of test/lib/Vectorize are
from tile_program import Failure


def main(cases, run_case, words):
    """`run_case` gives what is to be printed of a case. Words: phidias-opt, the folder of LLVM's tools, BlockMain and its libraries."""
    phidias_opt, llvm, *libraries = words
    tools = {"phidias-opt": phidias_opt, "libraries": libraries,
             **{tool: os.path.join(llvm, tool) for tool in ("mlir-opt", "mlir-translate", "clang")}}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            try:
                print(f"{case.name()}: {run_case(case, number, folder, tools)}", flush=True)
            except Failure as failure:
                failures += 1
                print(f"FAILED {case.name()}: {failure}", flush=True)
    sys.exit(1 if failures else 0)
