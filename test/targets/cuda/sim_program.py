"""Compiles a module with tile ops for CUDA's simulator and calls its functions as kernels of one block of 256 threads."""
import ctypes
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib", "Vectorize"))
from tile_memory import Memory
from tile_program import TO_LLVM, Place, Program, run

MACHINE = "#phi.machine<lanes = 16, registers = 32, l1 = 98304, l2 = 41943040, dot = true, bf16 = true>"
MOST_WORDS = 40  # sim_block.cpp


def build_simulator(folder, tools):
    """A library: the runtime's simulator and what runs a function on it."""
    library = os.path.join(folder, "simulator.so")
    runtime = os.path.join(ROOT, "runtime")
    sources = glob.glob(os.path.join(runtime, "src", "sim", "*.cpp")) + [os.path.join(HERE, "sim_block.cpp")]
    run([tools["clang"], "--driver-mode=g++", "-std=c++23", "-O2", "-shared", "-fPIC", "-fno-exceptions", "-fno-rtti",
         f"-I{runtime}/include", f"-I{runtime}/src", *sources, os.path.join(runtime, "src", "support", "Mapping.cpp"),
         "-o", library])
    os.environ["PHISIM_BLOCKS"] = "1"
    return ctypes.CDLL(library, ctypes.RTLD_GLOBAL)


class SimProgram(Program):
    """As Program; `simulator` is what build_simulator gave."""

    def __init__(self, text, folder, tools, functions, simulator, name="tile"):
        self.functions, self.memory = functions, Memory()
        source, binary = os.path.join(folder, name + ".mlir"), os.path.join(folder, name + ".so")
        with open(source, "w") as out:
            out.write(f"module attributes {{phi.machine = {MACHINE}}} {{\n{text}\n}}\n")
        with open(source + ".ll", "w") as out:
            out.write(self.translate(source, tools))
        run([tools["clang"], "-O2", "-march=x86-64-v3", "-Wno-override-module", "-x", "ir", source + ".ll", "-shared",
             "-fPIC", "-o", binary, "-lm"])
        self.runner = Simulated(binary, self.sites, simulator)

    def translate(self, source, tools):
        """LLVM IR."""
        lowered = run([tools["phidias-opt"], "--phi-cuda-map-tiles", "--canonicalize", "--cse", "--phi-cuda-lower-to-sim",
                       source])
        header = lowered[:lowered.index("\n")]
        self.sites = re.search(r'phisim.sites = "((?:[^"\\]|\\.)*)"', lowered).group(1)
        self.sites = self.sites.replace("\\0A", "\n").replace("\\09", "\t")
        lowered = "module {" + lowered[len(header):]
        return run([tools["mlir-translate"], "--mlir-to-llvmir"],
                   run([tools["mlir-opt"], "--pass-pipeline=" + TO_LLVM], lowered))


class Simulated:
    def __init__(self, library, sites, simulator):
        self.library, self.sites, self.simulator = ctypes.CDLL(library), sites.encode(), simulator

    def call(self, memory, name, words):
        values = [memory.address + word if isinstance(word, Place) else word for word in words]
        values += [0] * (MOST_WORDS - len(values))
        self.simulator.runBlock(getattr(self.library, name), (ctypes.c_int64 * MOST_WORDS)(*values), self.sites)
