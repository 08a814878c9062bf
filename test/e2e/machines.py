"""What compiled programs run on: this machine, an ARM64 processor that qemu-aarch64 plays, or CUDA's simulator in the program.

usage: machines.py --list      names of the ARM64 processors
"""
import shutil
import sys
from collections import namedtuple

# target: what a compile for it gets where the test names none; runner: the words before a program's path; features: by the
# names of /proc/cpuinfo; code: what a program for arm64 picks there.
Machine = namedtuple("Machine", "name target runner features code")


def host_flags():
    with open("/proc/cpuinfo") as info:
        return frozenset(next(line for line in info if line.startswith("flags")).split(":", 1)[1].split())


def qemu(name, cpu, features, code, target="arm64"):
    return Machine(name, target, ("qemu-aarch64", "-cpu", cpu), frozenset(features.split()), "arm64-generic" + code)


# The kernels for a GPU, which have bf16 products, as code of this machine.
SIM = Machine("cuda-sim", "cuda-sim", (), frozenset({"bf16"}), "cuda-sim")
SIM90 = Machine("cuda-sim-sm90", "cuda-sim-sm90", (), frozenset({"bf16"}), "cuda-sim-sm90")

MAX = "asimddp i8mm bf16 sve sve2 svei8mm svebf16 "
HERE = Machine("here", None, (), host_flags(), None)
# sve-default-vector-length: bytes. Older programs of Linux see no longer vectors unless they ask for them.
ARM = {machine.name: machine for machine in (
    qemu("cortex-a72", "cortex-a72", "", ""),
    qemu("neoverse-n1", "neoverse-n1", "asimddp", "+dotprod"),
    qemu("sve128", "max,sve-default-vector-length=16", MAX, "+dotprod+i8mm+bf16"),
    qemu("sve256", "max,sve-default-vector-length=32", MAX + "sve256", "+dotprod+i8mm+bf16",
         "arm64-generic+dotprod+i8mm+bf16+sve256"),
    qemu("sve512", "max,sve-default-vector-length=64", MAX + "sve256 sve512", "+sve512"),
)}
# SVE, but none of NEON's dot products; the second with its vectors set shorter than they are.
A64FX = qemu("a64fx", "a64fx", "sve sve256 sve512", "+sve512")
A64FX_256 = qemu("a64fx-256", "a64fx,sve-default-vector-length=32", "sve sve256", "+sve256")


def take_machine(words):
    """The machine that --machine=NAME among `words` names, else this one; the other words."""
    names = [word.removeprefix("--machine=") for word in words if word.startswith("--machine=")]
    known = {**ARM, SIM.name: SIM, SIM90.name: SIM90}
    if names and names[-1] not in known:
        sys.exit(f"--machine={names[-1]}: known are {', '.join(known)}")
    return known[names[-1]] if names else HERE, [word for word in words if not word.startswith("--machine=")]


def missing(machine):
    """Why nothing can run on it here; an empty string where it can."""
    return f"there is no {machine.runner[0]}" if machine.runner and not shutil.which(machine.runner[0]) else ""


if __name__ == "__main__":
    if sys.argv[1:] != ["--list"]:
        sys.exit(__doc__)
    print("\n".join(ARM))
