"""A module with tile ops as code of the threads of a block, run by the simulator."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib", "Vectorize"))
from tile_memory import Memory
from tile_program import TO_LLVM, Program, Remote, run

MACHINE = "#phi.machine<lanes = 16, registers = 32, l1 = 65536, l2 = 1048576, dot = true, bf16 = true>"
LOWER = ["--phi-cuda-map-tiles=capability={}", "--canonicalize", "--cse", "--phi-cuda-lower-to-sim"]


class BlockProgram(Program):
    """As Program; `tools` has "libraries" too: BlockMain and what it needs."""

    def __init__(self, text, folder, tools, functions, name="block", capability=80):
        self.functions, self.memory = functions, Memory()
        path = lambda end: os.path.join(folder, name + end)
        with open(path(".mlir"), "w") as out:
            out.write(f"module attributes {{phi.machine = {MACHINE}}} {{\n{text}\n}}\n")
        lowered = run([tools["phidias-opt"], *[step.format(capability) for step in LOWER], path(".mlir")])
        head, body = lowered.split("\n", 1)
        while "func.func" not in body.split("\n", 1)[0] and not head.endswith("{"):
            more, body = body.split("\n", 1)
            head += more
        plain = run([tools["mlir-opt"], "--pass-pipeline=" + TO_LLVM], "module {\n" + body)
        ir = run([tools["mlir-translate"], "--mlir-to-llvmir"], plain).replace("private constant", "constant")
        with open(path(".ll"), "w") as out:
            out.write(ir)
        with open(path(".c"), "w") as out:
            out.write(module_source(functions, head, ir))
        run([tools["clang"], "-O1", "-march=x86-64-v3", "-Wno-override-module", path(".ll"), path(".c"), "-no-pie",
             *tools["libraries"], "-lstdc++", "-lm", "-o", path("")])
        self.runner = BlockRunner(self, path(""))


def module_source(functions, head, ir):
    """block_module in C."""
    constants = [(name, 4 * int(count)) for name, count in re.findall(r"^@(\S+) = constant \[(\d+) x float\]", ir, re.M)]
    shared = re.search(r"phi.shared_bytes = (\d+)", head)
    sites = re.search(r'phisim.sites = "([^"]*)"', head)
    sites = re.sub(r"\\([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), sites[1] if sites else "")
    sites = "".join(c if c.isalnum() or c in " ._:@" else f'\\{ord(c):03o}' for c in sites)
    lines = ["#include <stdint.h>"]
    lines += [f"extern void {name}(void);" for name in functions] + [f"extern float {name}[];" for name, _ in constants]
    lines += [f"static void (*const functions[])(void) = {{{', '.join(functions)}}};",
              f"static const void *const constants[] = {{{', '.join([name for name, _ in constants] + ['0'])}}};",
              f"static const int64_t bytes[] = {{{', '.join([str(size) for _, size in constants] + ['0'])}}};",
              "struct { void (*const *functions)(void); const char *sites; const void *const *constants;",
              "const int64_t *bytes; int64_t count, shared; } block_module = {",
              f'functions, "{sites}", constants, bytes, {len(constants)}, {shared[1] if shared else 0}}};']
    return "\n".join(lines) + "\n"


class BlockRunner(Remote):
    def __init__(self, program, binary):
        self.names, self.guards = list(program.functions), 0
        file = program.memory.file.fileno()
        self.process = subprocess.Popen([binary, str(file), str(program.memory.size)], pass_fds=[file], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, "PHISIM_BLOCKS": "1"})
