"""Compiles a module with tile ops to a shared library and calls its functions with numpy arrays."""
import ctypes
import mmap
import os
import re
import subprocess

import numpy as np

TO_LLVM = ("builtin.module(canonicalize,cse,loop-invariant-code-motion,convert-scf-to-cf,convert-vector-to-llvm,"
           "convert-math-to-llvm,finalize-memref-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,"
           "convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)")

# Name → processor for clang, lanes, dot product, flags of /proc/cpuinfo that it needs, and what else its phi.machine says: the
# last three are ARM64's ways to multiply, emulated.
TARGETS = {
    "vnni512": ("x86-64-v4", ["-mavx512vnni"], 16, "true", {"avx512f", "avx512bw", "avx512vl", "avx512_vnni"}),
    "bf16": ("x86-64-v4", ["-mavx512vnni", "-mavx512bf16"], 16, "true",
             {"avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16"}),
    "v4": ("x86-64-v4", [], 16, "false", {"avx512f", "avx512bw", "avx512vl", "avx512dq"}),
    "v3": ("x86-64-v3", [], 8, "false", {"avx2", "fma", "f16c"}),
    "signed": ("x86-64-v3", [], 8, "false", {"avx2", "fma", "f16c"}, ", signed_codes = true"),
    "lanes": ("x86-64-v3", [], 4, "false", {"avx2", "fma", "f16c"}, ", signed_codes = true, value_lanes = true"),
    "matrix": ("x86-64-v3", [], 4, "false", {"avx2", "fma", "f16c"}, ", value_lanes = true, matrix = true"),
}


def host_flags():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    return set()


def usable_targets(names=TARGETS):
    """Those of `names` that this machine can run; says which it cannot."""
    missing = {name: TARGETS[name][4] - host_flags() for name in names}
    for name, flags in missing.items():
        if flags:
            print(f"{name:8} NOT RUN: this machine lacks {' '.join(sorted(flags))}")
    return [name for name, flags in missing.items() if not flags]


def machine(target):
    _, _, lanes, dot, _, *more = TARGETS[target]
    registers = 32 if more else 2 * lanes
    return (f"#phi.machine<lanes = {lanes}, registers = {registers}, l1 = 32768, l2 = 1048576, dot = {dot}, "
            f"bf16 = {'true' if target == 'bf16' else 'false'}{''.join(more)}>")


class Program:
    """functions: name → list of argument kinds, 'index', 'i1' or the rank of a memref."""

    def __init__(self, text, target, folder, tools, functions, name="tile"):
        source = os.path.join(folder, name + ".mlir")
        with open(source, "w") as out:
            out.write(f"module attributes {{phi.machine = {machine(target)}}} {{\n{text}\n}}\n")
        lowered = run([tools["phidias-opt"], "--phi-vectorize", "--phi-cpu-lower-vector", source])
        lowered = re.sub(r"attributes \{phi\.machine = .*?>\}", "", lowered, count=1)
        dialect = run([tools["mlir-opt"], "--pass-pipeline=" + TO_LLVM], lowered)
        code = run([tools["mlir-translate"], "--mlir-to-llvmir"], dialect)
        assembly = os.path.join(folder, name + ".ll")
        with open(assembly, "w") as out:
            out.write(code)
        library = os.path.join(folder, name + ".so")
        cpu, features, *_ = TARGETS[target]
        run([tools["clang"], "-O2", "-march=" + cpu, *features, "-Wno-override-module", "-x", "ir", assembly,
             "-shared", "-fPIC", "-o", library, "-lm"])
        self.library = ctypes.CDLL(library)
        self.functions = functions

    def call(self, name, *arguments):
        flat = []
        for kind, argument in zip(self.functions[name], arguments, strict=True):
            if kind == "index":
                flat.append(ctypes.c_int64(argument))
            elif kind == "i1":
                flat.append(ctypes.c_bool(argument))
            else:
                flat += descriptor(argument)
        getattr(self.library, name)(*flat)


def descriptor(array):
    """A memref's: allocated, aligned, offset, sizes, strides in elements."""
    pointer = ctypes.c_void_p(array.ctypes.data)
    strides = [stride // array.itemsize for stride in array.strides]
    return [pointer, pointer, ctypes.c_int64(0)] + [ctypes.c_int64(n) for n in (*array.shape, *strides)]


def aligned(count, dtype=np.int8, fill=None):
    """64-byte aligned; every byte is `fill` where given."""
    size = count * np.dtype(dtype).itemsize
    raw = np.empty(size + 64, np.int8)
    start = -raw.ctypes.data % 64
    result = raw[start:start + size]
    if fill is not None:
        result[:] = fill
    return result.view(dtype)


def guarded(shape, dtype=np.int8, fill=None):
    """An array whose last byte is followed by a page that nobody may touch: to read or write beyond it ends the program."""
    size, page = int(np.prod(shape)) * np.dtype(dtype).itemsize, mmap.PAGESIZE
    pages = -(-size // page) * page
    buffer = mmap.mmap(-1, pages + page)
    whole = np.frombuffer(buffer, np.int8)
    if ctypes.CDLL(None).mprotect(ctypes.c_void_p(whole.ctypes.data + pages), ctypes.c_size_t(page), 0) != 0:
        raise SystemExit("mprotect failed")
    result = whole[pages - size:pages]
    if fill is not None:
        result[:] = fill
    return result.view(dtype).reshape(shape)


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{os.path.basename(command[0])} failed:\n{done.stderr[:4000]}")
    return done.stdout
