#!/usr/bin/env python3
"""Makes stubs of shared libraries, for a linker alone: the names that an object needs, with sizes and versions as this machine's
libraries have them. A program that is linked against them runs where the libraries are as old as --oldest says, and with all
later ones.

usage: stub_libraries.py --object FILE --out FOLDER --tools READELF COMPILER LD [--oldest 2.17] [--names NAME,...]
                         [--empty SONAME]... LIBRARY...
"""
import argparse
import collections
import os
import re
import subprocess

# Num: Value Size Type Bind Vis Ndx Name, or Name@VERSION, or Name@@VERSION for the one that linkers take.
SYMBOL = re.compile(r"\s*\d+: ([0-9a-f]+)\s+(\d+)\s+(\w+)\s+(\w+)\s+\w+\s+(\S+)\s+(\S+)")
Symbol = collections.namedtuple("Symbol", "name version is_default value size type")


def table(readelf, path, kind):
    text = subprocess.run([readelf, "-W", kind, path], check=True, capture_output=True, text=True).stdout
    return [match.groups() for match in map(SYMBOL.match, text.splitlines()) if match]


def undefined(readelf, path):
    return {name for _, _, _, _, section, name in table(readelf, path, "--syms") if section == "UND"}


def exported(readelf, path):
    for value, size, kind, _, section, name in table(readelf, path, "--dyn-syms"):
        base, _, version = name.partition("@")
        if section != "UND" and re.fullmatch(r"@?GLIBC_[\d.]+", version):
            yield Symbol(base, version.lstrip("@"), version.startswith("@"), int(value, 16), int(size), kind)


def number(version):
    return [int(part) for part in version.removeprefix("GLIBC_").split(".")]


def choose(symbols, oldest):
    """What linkers took when the library was of version `oldest`; where it had none yet, what they take today."""
    known = [symbol for symbol in symbols if number(symbol.version) <= number(oldest)]
    return max(known, key=lambda s: number(s.version)) if known else next((s for s in symbols if s.is_default), None)


def chosen(symbols, wanted, oldest):
    by_name = collections.defaultdict(list)
    for symbol in symbols:
        by_name[symbol.name].append(symbol)
    return [symbol for name in sorted(wanted & by_name.keys()) if (symbol := choose(by_name[name], oldest))]


def with_aliases(picked, symbols):
    """Variables move into the program, and their other names must go with them."""
    places = {symbol.value for symbol in picked if symbol.type == "OBJECT"}
    names = {symbol.name for symbol in picked}
    return picked + [s for s in symbols if s.type == "OBJECT" and s.is_default and s.value in places and s.name not in names]


def assembly(picked):
    variables = collections.defaultdict(list)
    for symbol in picked:
        if symbol.type == "OBJECT":
            variables[symbol.value].append(symbol)
    lines = [".text"]
    for symbol in picked:
        if symbol.type != "OBJECT":
            lines += [f".globl {symbol.name}", f".type {symbol.name}, @function", f"{symbol.name}: ret"]
    lines.append(".bss")
    for place in sorted(variables):
        lines.append(".balign 32")
        for symbol in variables[place]:
            lines += [f".globl {symbol.name}", f".type {symbol.name}, @object", f".size {symbol.name}, {symbol.size}",
                      f"{symbol.name}:"]
        lines.append(f".zero {max(symbol.size for symbol in variables[place])}")
    return "\n".join(lines) + '\n.section .note.GNU-stack,"",@progbits\n'


def version_script(picked):
    versions = collections.defaultdict(list)
    for symbol in picked:
        versions[symbol.version].append(symbol.name)
    return "".join(f"{version} {{ global: {'; '.join(versions[version])}; }};\n" for version in sorted(versions, key=number))


def build(tools, folder, soname, picked):
    _, compiler, linker = tools
    stem = os.path.join(folder, soname)
    for suffix, text in ((".s", assembly(picked)), (".map", version_script(picked))):
        with open(stem + suffix, "w") as file:
            file.write(text)
    script = [f"--version-script={stem}.map"] if picked else []
    subprocess.run([compiler, "-c", f"{stem}.s", "-o", f"{stem}.o"], check=True)
    subprocess.run([linker, "-shared", "--build-id=none", "-s", "-soname", soname, *script, f"{stem}.o", "-o", f"{stem}.new"],
                   check=True)
    for suffix in (".s", ".map", ".o"):
        os.remove(stem + suffix)
    os.rename(f"{stem}.new", stem)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--object", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--tools", nargs=3, required=True)
    parser.add_argument("--oldest", default="2.17")
    parser.add_argument("--names", default="")
    parser.add_argument("--empty", action="append", default=[])
    parser.add_argument("libraries", nargs="+")
    options = parser.parse_args()
    wanted = undefined(options.tools[0], options.object) | set(options.names.split(","))
    for path in options.libraries:
        symbols = list(exported(options.tools[0], path))
        picked = with_aliases(chosen(symbols, wanted, options.oldest), symbols)
        build(options.tools, options.out, os.path.basename(path), picked)
    for soname in options.empty:
        build(options.tools, options.out, soname, [])


if __name__ == "__main__":
    main()
