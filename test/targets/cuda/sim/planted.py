#!/usr/bin/env python3
"""Plants errors into a kernel, one at a time, as IR, and expects the simulator's one line on each.

usage: planted.py PHIDIAS-OPT LLVM-TOOLS-FOLDER LIBRARY...

The kernel: each of a block's 64 threads reads its word of the weights, puts it into shared memory, and writes the word that
the thread after it put there to the logits.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "lib", "Vectorize"))
from tile_program import TO_LLVM, Failure, run

BUFFER, SHARED = "memref<?xi8>", "memref<?xi8, #gpu.address_space<workgroup>>"
WORDS = "memref<64xi32, #gpu.address_space<workgroup>>"
KERNEL = f"""
module attributes {{phi.block_threads = 64 : i64, phi.shared_bytes = 256 : i64, phi.arena_bytes = 256 : i64}} {{
  func.func private @phirt_barrier(!llvm.ptr)
  func.func @forward(%weights: {BUFFER}, %arena: {BUFFER}, %cache: {BUFFER}, %tokens: memref<?xi32>, %logits: {BUFFER},
      %count: index, %position: index, %capacity: index, %rows: index, %long: i1, %block: index, %blocks: index,
      %grid: !llvm.ptr, %scratch: {BUFFER}, %profile: !llvm.ptr, %pieces: index, %claims: !llvm.ptr,
      %choice: {BUFFER}) {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c62 = arith.constant 62 : index
    %c63 = arith.constant 63 : index
    %c64 = arith.constant 64 : index
    %one = arith.constant 1 : i32
    %all = arith.constant 32 : i32
    %i = gpu.thread_id x
    %bytes = gpu.dynamic_shared_memory : {SHARED}
    %in = memref.view %weights[%c0][] : {BUFFER} to memref<64xi32>
    %out = memref.view %logits[%c0][] : {BUFFER} to memref<64xi32>
    %rowsOfArena = memref.view %arena[%c0][] : {BUFFER} to memref<64xi32>
    %words = memref.view %bytes[%c0][] : {SHARED} to {WORDS}
    %at = arith.addi %i, %c0 : index // read
    %x = memref.load %in[%at] : memref<64xi32>
    memref.store %one, %words[%i] : {WORDS} // first
    gpu.barrier
    memref.store %x, %words[%i] : {WORDS} // write
    gpu.barrier // barrier
    %next = arith.addi %i, %c1 : index
    %j = arith.remui %next, %c64 : index // next
    %y = memref.load %words[%j] : {WORDS}
    memref.store %y, %out[%i] : memref<64xi32> // end
    func.call @phirt_barrier(%grid) : (!llvm.ptr) -> ()
    return
  }}
}}
"""

# What is replaced, by what, and the line of the simulator.
NO_BARRIER = ("gpu.barrier // barrier", "")
PLANTED = {
    "a missing barrier": (*NO_BARRIER, r"race: .* write of 4 bytes .* of shared memory .* thread \d+ read it at forward: memref.load"),
    "an off-by-one": ("%at = arith.addi %i, %c0", "%at = arith.addi %i, %c1",
                      r"out of bounds: .* thread 63, .* read of 4 bytes at byte 256 of the weights \(256 bytes\)"),
    "a race": ("memref.store %x, %words[%i]", "memref.store %x, %words[%c0]", r"race: .* write of 4 bytes at byte 0 of shared memory .* thread \d+ wrote it"),
    "a divergent barrier": ("// end", "\n%some = arith.cmpi ult, %i, %c62 : index\nscf.if %some {\ngpu.barrier\n}",
                            r"divergent barrier: .* gpu\.barrier.* thread 6\d waits for the grid"),
    "a divergent shuffle": ("// end", "\n%some = arith.cmpi ult, %i, %c62 : index\nscf.if %some {\n"
                            "%s, %v = gpu.shuffle xor %x, %one, %all : i32\n}\ngpu.barrier",
                            r"divergent warp: .* thread 32, .* gpu\.shuffle.* thread 62 waits for its block"),
    "an uninitialised read of shared memory": ("memref.store %one, %words[%i] : " + WORDS + " // first", "",
                                               r"uninitialised: .* read of 4 bytes at byte \d+ of shared memory"),
    "an uninitialised read of the arena": ("%x = memref.load %in[%at]", "%x = memref.load %rowsOfArena[%at]",
                                           r"uninitialised: .* of the arena"),
    "a misaligned read": ("%in = memref.view %weights[%c0]", "%in = memref.view %weights[%c2]",
                          r"misaligned: .* read of 4 bytes at byte 2 of the weights"),
    "a write to weights": ("memref.store %y, %out[%i]", "memref.store %y, %in[%i]", r"write to constant memory: "),
}


def build(text, folder, tools, libraries):
    source, ir = os.path.join(folder, "kernel.mlir"), os.path.join(folder, "kernel.ll")
    with open(source, "w") as out:
        out.write(text)
    lowered = run([tools["phidias-opt"], "--phi-cuda-lower-to-sim", "--phi-cuda-add-sim-forward", source])
    lowered = re.sub(r"^module attributes \{.*\}$", "module {", lowered, count=1, flags=re.M)
    with open(ir, "w") as out:
        out.write(run([tools["mlir-translate"], "--mlir-to-llvmir"],
                      run([tools["mlir-opt"], "--pass-pipeline=" + TO_LLVM], lowered)))
    run([tools["clang"], "-O1", "-Wno-override-module", ir, "-no-pie", *libraries, "-lstdc++", "-lm",
         "-o", os.path.join(folder, "program")])
    return os.path.join(folder, "program")


def simulate(text, folder, tools, libraries, **environment):
    return subprocess.run([build(text, folder, tools, libraries)], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "PHISIM_BLOCKS": "1", **environment})


def check_sound(folder, tools, libraries):
    done = simulate(KERNEL, folder, tools, libraries)
    expected = " ".join(str((i + 1) % 64) for i in range(64)) + "\n"
    if (done.returncode, done.stdout, done.stderr) != (0, expected, ""):
        raise Failure(f"the kernel without an error: {done}")
    print("the kernel without an error: right, and silent")


def check_planted(name, folder, tools, libraries):
    old, new, line = PLANTED[name]
    text = KERNEL.replace(*NO_BARRIER) if "uninitialised read of shared" in name else KERNEL
    if text.count(old) != 1:
        raise Failure(f"{name}: no place for it")
    done = simulate(text.replace(old, new), folder, tools, libraries)
    if done.returncode != 1 or done.stderr.count("\n") != 1 or not re.match("cuda-sim: " + line, done.stderr):
        raise Failure(f"{name}: exit code {done.returncode}, expected /{line}/, got {done.stderr or done.stdout}")
    if "kernel.mlir:" not in done.stderr or "kernel forward, block 0, thread " not in done.stderr:
        raise Failure(f"{name}: no place in {done.stderr}")
    print(f"{name}: {done.stderr}", end="")


def conflicts(text, folder, tools, libraries):
    """Of the shared memory, by the table."""
    done = simulate(text, folder, tools, libraries, PHISIM_COUNTS="table")
    return re.findall(r"([\d.]+)%", done.stderr)


def check_swizzle(folder, tools, libraries):
    """Words three banks apart are all in different ones; two apart, in half as many."""
    strided = KERNEL.replace("phi.shared_bytes = 256", "phi.shared_bytes = 768").replace(WORDS, WORDS.replace("64x", "192x"))
    for factor, expected in (("%c3", "0.0"), ("%c2", "100.0")):
        text = strided.replace("%words[%i]", "%words[%k]").replace("%words[%j]", "%words[%l]")
        text = text.replace("// read", f"\n%k = arith.muli %i, {factor} : index").replace(
            "// next", f"\n%l = arith.muli %j, {factor} : index")
        found = conflicts(text, folder, tools, libraries)
        if found != [expected]:
            raise Failure(f"stride {factor}: conflicts of {found} %, expected {expected}")
    print("a wrong swizzle: counted")


def main():
    phidias_opt, llvm, *libraries = sys.argv[1:]
    tools = {"phidias-opt": phidias_opt,
             **{tool: os.path.join(llvm, tool) for tool in ("mlir-opt", "mlir-translate", "clang")}}
    checks = [lambda *a: check_sound(*a), lambda *a: check_swizzle(*a)]
    checks += [lambda *a, name=name: check_planted(name, *a) for name in PLANTED]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for check in checks:
            try:
                check(folder, tools, libraries)
            except Failure as failure:
                failures += 1
                print("FAILED", failure)
    sys.exit(1 if failures else 0)


main()
