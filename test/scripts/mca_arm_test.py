#!/usr/bin/env python3
"""scripts/mca_arm.py finds its loops, in assembly made by hand and in that of a compile, and its bounds are those of Arm's guides.

usage: mca_arm_test.py PHIDIAS LLVM-TOOLS-FOLDER
"""
import json
import os
import subprocess
import sys
import tempfile

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts")
sys.path.insert(0, SCRIPTS)
from arm_loops import DOTS, SPILL, VECTOR_SPILL, chunks, count, decode_steps, is_products, loops_of
from arm_mca import cycles, port_bound, use_llvm

DOT, SCALE, STORE = "\tsdot\tv0.4s, v1.16b, v2.4b[0]", "\tfcvtl\tv3.4s, v3.4h", "\tstr\tq0, [x1, #16]"


def text_of(*parts):
    return "\n".join(line for part in parts for line in (part if isinstance(part, list) else [part]))


# A step of one panel whose halves are a loop of two turns, with a reload in it; the chunk of a long pass; a loop of no linear.
BY_HAND = text_of(
    "f:", ".LBB0_1:                 // =>This Loop Header: Depth=1", "\t.p2align\t5", "\tmov\tw2, #1",
    ".LBB0_2:", [DOT] * 32, [SCALE] * 4, "\tldr\tq9, [sp, #16]       // 16-byte Reload", "\tldr\tx9, [sp]",
    "\ttbnz\tw2, #0, .LBB0_2",
    "\tadd\tx1, x1, #1", "\tb.ne\t.LBB0_1",
    ".LBB0_3:", "\tadd\tx9, x9, #4",
    ".LBB0_4:", [SCALE] * 4, [STORE] * 16, "\tb.ne\t.LBB0_4",
    ".LBB0_5:", "\tldr\tq0, [x0]", ".LBB0_6:", [DOT] * 8, "\tb.ne\t.LBB0_6", "\tstr\tq0, [x0]", "\tb.lt\t.LBB0_5",
    "\tb.lt\t.LBB0_3",
    ".LBB0_7:", "\tldr\tq0, [x0]", "\tcbnz\tx1, .LBB0_7", "\tret")


def expect(what, got, expected):
    if got != expected:
        sys.exit(f"FAILED {what}: expected {expected}, got {got}")
    print(f"{what}: {got}")


def check_loops():
    loops = loops_of(BY_HAND)
    expect("outermost loops", [x.label for x in loops], [".LBB0_1", ".LBB0_3", ".LBB0_7"])
    step, = decode_steps(loops)
    lines = step.unfolded()
    # The halves twice, each with 32 + 4 + 2 instructions and a branch, and mov, add, branch.
    expect("a step", (step.label, len(lines), count(DOTS, lines)), (".LBB0_1", 2 * 39 + 3, 64))
    expect("its reloads, those of vectors", (count(SPILL, lines), count(VECTOR_SPILL, lines)), (4, 2))
    (unpacking, block), = chunks(loops)
    # Three turns of 16 stores and 5 others; the loop's own add and branch.
    lines = unpacking.unfolded(lambda loop: 3)
    expect("unpacking", (unpacking.label, len(lines), count(DOTS, lines)), (".LBB0_3", 3 * 21 + 2, 0))
    expect("a block of tokens", (block.label, count(DOTS, block.unfolded(lambda loop: 5 if is_products(loop) else 1))), (".LBB0_5", 40))


def check_bounds():
    """Pipelines as Arm's guides have them: products on V (two or four of them), shifts of N1 on V1 alone, loads of N2 on three."""
    dots, matrices = ([f"\t{name}\tv{i}.4s, v31.16b, v30.16b" for i in range(8)] for name in ("sdot", "smmla"))
    shifts = [f"\tushr\tv{i}.16b, v31.16b, #4" for i in range(16, 19)]
    loads = [f"\tldr\tq{i}, [x0, #{16 * i}]" for i in range(6)]
    for core, lines, bound in (("neoverse-n1", dots, (4, "V0+V1")), ("neoverse-n1", shifts, (3, "V1")),
                               ("neoverse-n1", dots[:2] + shifts, (3, "V1")), ("neoverse-n1", dots + shifts, (5.5, "V0+V1")),
                               ("neoverse-n2", matrices, (4, "V0+V1")), ("neoverse-v2", matrices, (2, "V0+V1+V2+V3"))):
        expect(f"bound of {len(lines)} on {core}", port_bound(core, lines), bound)
    expect("loads on neoverse-n2", port_bound("neoverse-n2", loads)[0], 2)
    expect("cycles of 8 sdot on neoverse-n1", round(cycles("neoverse-n1", dots), 1), 4)


def check_compiled(phidias, llvm):
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "rows.json")
        subprocess.run([sys.executable, "-B", os.path.join(SCRIPTS, "mca_arm.py"), "--phidias", phidias, "--llvm", llvm,
                        "--core", "neoverse-n1", "neoverse-n2", "--format", "q4_0", "--json", path], check=True)
        with open(path) as file:
            rows = {(r["core"], r["what"]): r for r in json.load(file)}
    expect("rows", sorted(rows), [(f"neoverse-n{i}", what) for i in (1, 2) for what in ("decode", "long")])
    # 360 tokens by 32 rows by 256 columns; an sdot has 16 multiply-adds, an smmla 32.
    expect("products", [rows[f"neoverse-n{i}", "long"]["dots"] for i in (1, 2)], [360 << 9, 360 << 8])
    for (core, what), r in rows.items():
        expect(f"{core}, {what}: a loop of qkv, o, gate_up, down and head each, or more", r["loops"] >= 5, True)
        expect(f"{core}, {what}: vectors spilt", r["spills"], 0)
        expect(f"{core}, {what}: no faster than its ports", r["cycles"] >= 0.99 * r["ports"], True)
    for core in ("neoverse-n1", "neoverse-n2"):
        r = rows[core, "decode"]
        expect(f"{core}: bytes of a step over 32", r["l2"], r["panels"] * 576 / 32)
        expect(f"{core}: decode of Q4_0 within what is asked", r["met"], True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    use_llvm(sys.argv[2])
    check_loops()
    check_bounds()
    check_compiled(*sys.argv[1:])
