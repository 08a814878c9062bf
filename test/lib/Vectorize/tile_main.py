"""PHIDIAS-OPT LLVM-TOOLS-FOLDER [TARGET...]: runs cases on targets, those of x86-64 where none is named."""
import os
import sys
import tempfile

from tile_program import Failure
from tile_targets import usable_targets

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def run_all(cases, run_case, targets, tools, folder):
    """How many failed. `run_case` says how a case went."""
    failures = 0
    for target in targets:
        for number, case in enumerate(cases(target)):
            try:
                print(f"{target:8} {case.name()}: {run_case(case, target, tools, folder, f'{target}{number}')}", flush=True)
            except Failure as failure:
                failures += 1
                print(f"FAILED {target} {case.name()}: {failure}", flush=True)
    return failures


def main(cases, run_case, targets):
    phidias_opt, llvm, *named = sys.argv[1:]
    tools = {"phidias-opt": phidias_opt,
             **{tool: os.path.join(llvm, tool) for tool in ("mlir-opt", "mlir-translate", "clang")}}
    usable = usable_targets(named or targets)
    if not usable:
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(1 if run_all(cases, run_case, usable, tools, folder) else 0)
