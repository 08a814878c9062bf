"""Machines that tile ops are compiled for and run on."""
import shutil
from collections import namedtuple

# cpu: flags for clang; runs: what shows that it can be run here, flags of /proc/cpuinfo or the processor that qemu-aarch64
# plays; the rest: fields of #phi.machine.
Target = namedtuple("Target", "name arch cpu runs lanes registers dot bf16 signed_codes value_lanes matrix small_loops")
Arch = namedtuple("Arch", "lower triple")
ARCHES = {"x86": Arch("--phi-cpu-lower-vector", []), "arm": Arch("--phi-arm-lower-vector", ["--target=aarch64-linux-gnu"])}
V3, V4 = {"avx2", "fma", "f16c"}, {"avx512f", "avx512bw", "avx512vl"}


def x86(name, cpu, lanes, runs, dot=False, bf16=False):
    return Target(name, "x86", cpu.split(), runs, lanes, 2 * lanes, dot, bf16, False, False, False, False)


def emulated(name, lanes, signed_codes=False, value_lanes=False, matrix=False, small_loops=False):
    """ARM64's ways to multiply, by plain x86-64 code."""
    return Target(name, "x86", ["-march=x86-64-v3"], V3, lanes, 32, False, False, signed_codes, value_lanes, matrix, small_loops)


def arm(name, cpu, lanes, runs, dot=False, i8mm=False):
    """A feature set of `arm64` as targets/arm/Machine.cpp describes it."""
    neon = lanes == 4
    return Target(name, "arm", cpu.split(), runs, lanes, 32, dot, neon and i8mm, not i8mm, neon, neon and i8mm, not neon)


MAX = "max,sve-default-vector-length="  # bytes
SVE = "+sve -mllvm -aarch64-sve-vector-bits-min="
TARGETS = {target.name: target for target in (
    x86("vnni512", "-march=x86-64-v4 -mavx512vnni", 16, V4 | {"avx512_vnni"}, dot=True),
    x86("bf16", "-march=x86-64-v4 -mavx512vnni -mavx512bf16", 16, V4 | {"avx512_vnni", "avx512_bf16"}, dot=True, bf16=True),
    x86("v4", "-march=x86-64-v4", 16, V4 | {"avx512dq"}),
    x86("v3", "-march=x86-64-v3", 8, V3),
    emulated("signed", 8, signed_codes=True),
    emulated("small", 8, small_loops=True),
    emulated("lanes", 4, signed_codes=True, value_lanes=True),
    emulated("matrix", 4, value_lanes=True, matrix=True),
    arm("cortex-a72", "-march=armv8-a", 4, "cortex-a72"),
    arm("neoverse-n1", "-march=armv8-a+dotprod", 4, "neoverse-n1", dot=True),
    arm("sve128", "-march=armv8-a+dotprod+i8mm+bf16", 4, MAX + "16", dot=True, i8mm=True),
    arm("sve256", "-march=armv8-a+dotprod+i8mm+bf16" + SVE + "256", 8, MAX + "32", dot=True, i8mm=True),
    arm("sve512", "-march=armv8-a" + SVE + "512", 16, MAX + "64", dot=True),
)}
X86 = [name for name, target in TARGETS.items() if target.arch == "x86"]


def machine(target):
    flags = (f"{field} = {str(getattr(target, field)).lower()}"
             for field in ("dot", "bf16", "signed_codes", "value_lanes", "matrix", "small_loops"))
    return (f"#phi.machine<lanes = {target.lanes}, registers = {target.registers}, l1 = 32768, l2 = 1048576, "
            f"{', '.join(flags)}>")


def host_flags():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    return set()


def missing(target):
    """What a target would need to be run here; an empty string where it can be."""
    if target.arch == "x86":
        lacking = target.runs - host_flags()
        return f"this machine lacks {' '.join(sorted(lacking))}" if lacking else ""
    tools = [tool for tool in ("qemu-aarch64", "aarch64-linux-gnu-gcc") if not shutil.which(tool)]
    return f"there is no {' and no '.join(tools)}" if tools else ""


def usable_targets(names):
    """Those of `names` that can be run here; says which cannot."""
    reasons = {name: missing(TARGETS[name]) for name in names}
    for name, reason in reasons.items():
        if reason:
            print(f"{name:8} NOT RUN: {reason}", flush=True)
    return [name for name, reason in reasons.items() if not reason]
