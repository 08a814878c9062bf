"""Inner loops have the instructions that they are made for where a machine takes factors from lanes, and those of attention spill no
vector: tile ops compiled for ARM64 cores, their assembly read. Spills of linears: test/targets/arm/spills.py, of what a compile makes.

usage: spills.py PHIDIAS-OPT LLVM-TOOLS-FOLDER

An inner loop is a block that branches back to its own label and has 4 products or more.
"""
import re
import sys

from panels import TYPES
from tile_program import TO_LLVM, run

DOTPROD = "signed_codes = true, value_lanes = true"
I8MM = "value_lanes = true, matrix = true"
MACHINES = {"neoverse-n1": DOTPROD, "neoverse-n2": I8MM, "neoverse-v2": I8MM}
PRODUCTS = r"\t(?:sdot|usdot|smmla|fmla)\t"
BY_LANE = r"\.(?:4b|s)\[\d\]"
LONG = {DOTPROD: "tokens = 4, panels = 2, chunk = 256", I8MM: "tokens = 6, panels = 2, chunk = 256"}


def linear(kind, machine):
    return f"""
func.func @f(%acts: memref<?xi8>, %weights: memref<?xi8>, %offset: index, %result: memref<?x5120xf32>, %scratch: memref<?xi8>,
             %from: index, %to: index, %count: index) {{
  phi.tile_linear %acts, %weights[%offset], %result, %scratch panels %from to %to tokens %count
    of tensor<5120x5120x{TYPES[kind]}> by i8 schedule <streams = 4, prefetch = 12, {LONG[machine]}>
    : memref<?xi8>, memref<?xi8>, memref<?x5120xf32>, memref<?xi8>
  return
}}"""


def attention(element, tokens):
    return f"""
func.func @f(%qkv: memref<?x5120xf32>, %cache: memref<?xi8>, %result: memref<?x3072xf32>, %scratch: memref<?xi8>,
             %layer: index, %position: index, %count: index, %capacity: index, %from: index, %to: index) {{
  phi.tile_attention %qkv, %cache[%layer], %result, %scratch at %position count %count capacity %capacity
    items %from to %to heads 24 tokens {tokens} scale 0.125
    : memref<?x5120xf32>, memref<?xi8> as !phi.cache<2 x 8 x 128 x {element}>, memref<?x3072xf32>, memref<?xi8>
  return
}}"""


def assembly(text, core, machine, phidias_opt, llvm):
    module = (f"module attributes {{phi.machine = #phi.machine<lanes = 4, registers = 32, l1 = 65536, l2 = 1048576, dot = true, "
              f"bf16 = false, {machine}>}} {{{text}\n}}")
    lowered = run([phidias_opt, "--phi-vectorize", "--phi-arm-lower-vector", "-"], module)
    lowered = re.sub(r"attributes \{phi\.machine = .*?>\}", "", lowered, count=1)
    dialect = run([f"{llvm}/mlir-opt", "--pass-pipeline=" + TO_LLVM], lowered)
    code = run([f"{llvm}/mlir-translate", "--mlir-to-llvmir"], dialect)
    target = ["-mtriple=aarch64-linux-gnu", "-mcpu=" + core]
    return run([f"{llvm}/llc", "-O3", *target], run([f"{llvm}/opt", "-O2", "-S", *target], code))


def inner_loops(text):
    for block in re.split(r"(?m)^(?=\.LBB\w+:)", text)[1:]:
        label = block.split(":", 1)[0]
        end = re.search(rf"(?m)^\t(?:b\.\w+|cbn?z|tbn?z)\t.*{re.escape(label)}$", block)
        if end and len(re.findall(PRODUCTS, block[:end.end()])) >= 4:
            yield block[:end.end()]


def spilt(text):
    for loop in inner_loops(text):
        if re.search(r"\[sp\b", loop):
            yield f"spilt in {loop.splitlines()[0]}"


def lacking(text, wanted):
    loops = list(inner_loops(text))
    for pattern, least in wanted.items():
        found = sum(bool(re.search(pattern, loop)) for loop in loops)
        if found < least:
            yield f"{found} inner loops with {pattern}, expected {least} or more"


def cases():
    """Name, core, text, what at least so many inner loops have."""
    for core, machine in MACHINES.items():
        dot, long = (r"\tusdot\t.*", {r"\tsmmla\t": 4}) if machine == I8MM else (r"\tsdot\t.*", {})
        for kind in ("q4_0", "int4", "int8"):
            few = {(dot if kind == "int8" else r"\tsdot\t.*") + BY_LANE: 2}
            yield kind, core, linear(kind, machine), {**few, **long}
    for core in ("neoverse-n1", "neoverse-n2"):
        for tokens in (1, 21):
            yield f"f16 attention of {tokens}", core, attention("f16", tokens), {r"\tfmla\t.*" + BY_LANE: 4}
            yield f"i8 attention of {tokens}", core, attention("i8", tokens), {r"dot\t.*" + BY_LANE: 2}


def main():
    phidias_opt, llvm = sys.argv[1:]
    failures = 0
    for name, core, text, wanted in cases():
        code = assembly(text, core, MACHINES[core], phidias_opt, llvm)
        found = [*lacking(code, wanted), *(spilt(code) if "attention" in name else ())]
        failures += bool(found)
        print(f"{'FAILED ' if found else ''}{core} {name}: {'; '.join(found) or 'as wanted'}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
