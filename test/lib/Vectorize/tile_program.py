"""Compiles a module with tile ops and calls its functions with numpy arrays: here, or under an emulator (tile_remote.c)."""
import ctypes
import os
import re
import subprocess

import numpy as np

from tile_memory import Memory
from tile_targets import ARCHES, TARGETS, machine

HERE = os.path.dirname(os.path.abspath(__file__))
TO_LLVM = ("builtin.module(canonicalize,cse,loop-invariant-code-motion,convert-scf-to-cf,convert-vector-to-llvm,"
           "convert-math-to-llvm,finalize-memref-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,"
           "convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)")


class Failure(Exception):
    """What a test found wrong, for people."""


class Program:
    """functions: name → list of argument kinds, 'index', 'i1' or the rank of a memref. Arrays must be of `memory`."""

    def __init__(self, text, target, folder, tools, functions, name="tile"):
        self.target, self.functions, self.memory = TARGETS[target], functions, Memory()
        source = os.path.join(folder, name + ".mlir")
        with open(source, "w") as out:
            out.write(f"module attributes {{phi.machine = {machine(self.target)}}} {{\n{text}\n}}\n")
        code = os.path.join(folder, name + ".ll")
        with open(code, "w") as out:
            out.write(self.translate(source, tools))
        binary = os.path.join(folder, name + ".so")
        compiler = [tools["clang"], *ARCHES[self.target.arch].triple, "-O2", *self.target.cpu, "-Wno-override-module",
                    "-x", "ir", code]
        if self.target.arch == "x86":
            run([*compiler, "-shared", "-fPIC", "-o", binary, "-lm"])
            self.runner = Here(binary)
        else:
            run([*compiler, "-c", "-o", binary + ".o"])
            self.runner = Remote(self, binary)

    def translate(self, source, tools):
        """LLVM IR."""
        lowered = run([tools["phidias-opt"], "--phi-vectorize", ARCHES[self.target.arch].lower, source])
        lowered = re.sub(r"attributes \{phi\.machine = .*?>\}", "", lowered, count=1)
        return run([tools["mlir-translate"], "--mlir-to-llvmir"],
                   run([tools["mlir-opt"], "--pass-pipeline=" + TO_LLVM], lowered))

    def guarded(self, *arguments, **named):
        return self.memory.guarded(*arguments, **named)

    def aligned(self, *arguments, **named):
        return self.memory.aligned(*arguments, **named)

    def call(self, name, *arguments):
        words = []
        for kind, argument in zip(self.functions[name], arguments, strict=True):
            words += [int(argument)] if kind in ("index", "i1") else self.descriptor(argument)
        self.runner.call(self.memory, name, words)

    def descriptor(self, array):
        """A memref's: allocated, aligned, offset, sizes, strides in elements."""
        place = Place(self.memory.offset(array))
        return [place, place, 0, *array.shape, *(stride // array.itemsize for stride in array.strides)]


class Place(int):
    """An address, as bytes from the memory's start."""


class Here:
    """In this process."""

    def __init__(self, library):
        self.library = ctypes.CDLL(library)

    def call(self, memory, name, words):
        getattr(self.library, name)(*(ctypes.c_void_p(memory.address + word) if isinstance(word, Place)
                                      else ctypes.c_int64(word) for word in words))


class Remote:
    """A process under qemu that shares the memory; a call is a line, and so is its answer."""

    def __init__(self, program, binary):
        self.names, self.guards = list(program.functions), 0
        functions = "-DFUNCTIONS=" + " ".join(f"F({name})" for name in self.names)
        run(["aarch64-linux-gnu-gcc", "-O1", "-Wall", "-Werror", "-static", functions, os.path.join(HERE, "tile_remote.c"),
             binary + ".o", "-o", binary, "-lm"])
        file = program.memory.file.fileno()
        self.process = subprocess.Popen(["qemu-aarch64", "-cpu", program.target.runs, binary, str(file),
                                         str(program.memory.size)], pass_fds=[file], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __del__(self):
        if hasattr(self, "process"):
            self.process.communicate()

    def call(self, memory, name, words):
        lines = [f"guard {guard}" for guard in memory.guards[self.guards:]]
        self.guards = len(memory.guards)
        words = " ".join("m" * isinstance(word, Place) + str(int(word)) for word in words)
        try:
            self.process.stdin.write("\n".join([*lines, f"call {self.names.index(name)} {words}\n"]))
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if answer != "done\n":
            raise Failure(f"{name} ended the program, exit code {self.process.wait()}")


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{os.path.basename(command[0])} failed:\n{done.stderr[:1000]}")
    return done.stdout
