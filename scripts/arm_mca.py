"""llvm-mca of straight lines of ARM64 instructions that are repeated."""
import functools
import itertools
import json
import os
import re
import subprocess
import sys

# Instructions and micro-operations that are handed to the ports in a cycle: "Dispatch constraints" of Arm's software optimisation
# guides, as LLVM's issue 136374 quotes them. LLVM 22's models say 3, 5 and 6 micro-operations: what gave the best code on average
# (its pull requests 154495, 145717, 142565).
GUIDE = {"neoverse-n1": (4, 8), "neoverse-n2": (5, 10), "neoverse-v2": (8, 16)}

_folder = [""]  # of LLVM's tools


def use_llvm(folder):
    _folder[0] = folder


def run(command, text):
    """Standard output; a name without a folder is one of LLVM's tools."""
    path = os.path.join(_folder[0], command[0])
    done = subprocess.run([path, *command[1:]], input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"mca_arm: {os.path.basename(path)} failed: {done.stderr[:2000]}")
    return done.stdout


@functools.lru_cache
def mca(core, text, *flags):
    told = json.loads(run(["llvm-mca", "-mtriple=aarch64", "-mcpu=" + core, "-json", *flags], text))
    return told["CodeRegions"][0], told["TargetInfo"]["Resources"]


def summary(core, lines, *flags):
    return mca(core, "\n".join(lines) + "\n", *flags)[0]["SummaryView"]


def cycles(core, lines, *flags):
    """Of one of many iterations: what it takes to begin is left out."""
    few = max(2, 8000 // len(lines))
    total = lambda n: summary(core, lines, f"-iterations={n}", *flags)["TotalCycles"]
    return (total(3 * few) - total(few)) / (2 * few)


def guide_cycles(core, lines):
    """The same with as many micro-operations handed out in a cycle as Arm's guide says, or what its instructions a cycle allow."""
    instructions, operations = GUIDE[core]
    return max(cycles(core, lines, f"-dispatch={operations}"), len(lines) / instructions)


def front_end(core, lines):
    """Cycles that it takes to hand the instructions to the ports, as many at once as LLVM's model says."""
    told = summary(core, lines, "-iterations=1")
    return told["TotaluOps"] / told["DispatchWidth"]


def port_bound(core, lines):
    """The most cycles that a set of ports of one kind (V0, V1, ...) needs for what can run on no other, and that set."""
    region, resources = mca(core, "\n".join(lines) + "\n", "-instruction-tables")
    names = [re.sub(r"^.*Unit|\..$", "", name) for name in resources]
    kinds = [name.rstrip("0123456789") for name in names]
    work = {}  # (instruction, kind of port) -> port -> cycles
    for use in region["ResourcePressureView"]["ResourcePressureInfo"]:
        port = use["ResourceIndex"]
        if use["InstructionIndex"] < len(lines):
            work.setdefault((use["InstructionIndex"], kinds[port]), {})[port] = use["ResourceUsage"]
    together = {}  # (kind, its ports) -> cycles
    for (_, kind), uses in work.items():
        key = kind, frozenset(uses)
        together[key] = together.get(key, 0) + sum(uses.values())
    best = 0, ""
    for kind in {kind for kind, _ in together}:
        ports = [i for i, other in enumerate(kinds) if other == kind]
        for size in range(1, len(ports) + 1):
            for chosen in itertools.combinations(ports, size):
                need = sum(spent for (k, used), spent in together.items() if k == kind and used <= set(chosen)) / size
                best = max(best, (need, "+".join(names[i] for i in chosen)))
    return best
