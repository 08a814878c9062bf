#!/usr/bin/env python3
"""Holds the arrows between rooms: tools -> targets -> lib -> dialects, and the runtime apart.

usage: check_includes.py ROOT | check_includes.py --self-test

lib may include phirt/abi.h and phirt/abi/ of the runtime's headers; the runtime includes its own, the C and C++
library, system headers and the leaf libraries named below.
"""
import os
import re
import sys
import tempfile

# What each room may include of this project's headers, by the beginning of the path.
LIB = ("phidias/", "dialects/", "phirt/abi.h", "phirt/abi/")
ALLOWED = {"dialects": ("dialects/",), "include": LIB, "lib": LIB + ("lib/",),
           "targets": LIB + ("targets/",), "tools": LIB + ("targets/", "tools/")}
PROJECT = ("phidias/", "dialects/", "phirt/", "lib/", "targets/", "tools/", "runtime/", "test/")
LEAVES = ("nlohmann/", "pcre2.h", "llvm-c/blake3.h")
SYSTEM = ("sys/", "linux/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = (".h", ".cpp", ".c", ".inc")


def includes(path):
    with open(path, errors="replace") as f:
        for number, line in enumerate(f, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match[1] == '"', match[2]


def is_beside(root, path, name):
    """Found beside the file that includes it, and in the same room."""
    found = os.path.normpath(os.path.join(os.path.dirname(path), name))
    return os.path.exists(os.path.join(root, found)) and found.split(os.sep)[0] == path.split(os.sep)[0]


def compiler_may(room, name):
    return not name.startswith(PROJECT) or name.startswith(ALLOWED[room])


def runtime_may(root, name):
    if any(os.path.exists(os.path.join(root, "runtime", folder, name)) for folder in ("include", "src")):
        return True
    # The C and C++ library's headers: no folder, and no suffix or .h.
    return name.startswith(LEAVES + SYSTEM) or re.fullmatch(r"[a-z0-9_]+(\.h)?", name) is not None


def faults(root):
    for room in ("dialects", "include", "lib", "targets", "tools", "runtime"):
        for folder, _, names in os.walk(os.path.join(root, room)):
            for name in sorted(n for n in names if n.endswith(SOURCES)):
                path = os.path.relpath(os.path.join(folder, name), root)
                yield from faults_of(root, room, path)


def faults_of(root, room, path):
    for line, quoted, name in includes(os.path.join(root, path)):
        if quoted and is_beside(root, path, name):
            continue
        if ".." in name.split("/"):  # a way round: judged by where it leads
            name = os.path.normpath(os.path.join(os.path.dirname(path), name))
        if not (runtime_may(root, name) if room == "runtime" else compiler_may(room, name)):
            yield f"{path}:{line}: {room} may not include {name}"


# Each is a file that must be refused, or (last) accepted.
SELF_TEST = [
    ("dialects/phi/A.cpp", "phidias/Import/Checkpoint.h", False),
    ("lib/Import/A.cpp", "phirt/Tokenizer.h", False),
    ("lib/Import/B.cpp", "targets/cpu/Cpu.h", False),
    ("include/phidias/A.h", "tools/phidias/Options.h", False),
    ("targets/cpu/A.cpp", "tools/phidias/Options.h", False),
    ("targets/cpu/B.cpp", "../../tools/phidias/Options.h", False),
    ("tools/phidias/A.cpp", "phirt/Status.h", False),
    ("runtime/src/A.cpp", "llvm/ADT/StringRef.h", False),
    ("runtime/src/B.cpp", "phidias/Import/Checkpoint.h", False),
    ("runtime/src/C.cpp", "boost/program_options.hpp", False),
    ("lib/Emit/A.cpp", "phirt/abi.h", True),
    ("runtime/src/D.cpp", "nlohmann/json.hpp", True),
    ("runtime/src/E.cpp", "sys/mman.h", True),
    ("tools/phidias/B.cpp", "targets/cpu/Cpu.h", True),
]


def self_test():
    wrong = 0
    for path, name, is_allowed in SELF_TEST:
        with tempfile.TemporaryDirectory() as root:
            for file in (path, "tools/phidias/Options.h"):
                os.makedirs(os.path.dirname(os.path.join(root, file)), exist_ok=True)
                open(os.path.join(root, file), "w").close()
            with open(os.path.join(root, path), "w") as f:
                f.write(f'#include "{name}"\n')
            if (not list(faults(root))) != is_allowed:
                print(f"self-test: {path} including {name} must be {'accepted' if is_allowed else 'refused'}")
                wrong += 1
    print(f"self-test: {len(SELF_TEST) - wrong} of {len(SELF_TEST)} cases are right")
    return wrong


def main():
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(1 if self_test() else 0)
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(faults(sys.argv[1]))
    print("\n".join(found) or "includes: every arrow points the right way")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
