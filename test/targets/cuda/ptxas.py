#!/usr/bin/env python3
"""The kernel of every format assembles for every capability, without spills, at Phi-4's shape: what compile --report says of it.

usage: ptxas.py PHIDIAS [--all]

--all: every format and both caches on every capability, which takes half an hour; else each format, cache and capability once.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../../e2e"), os.path.join(HERE, "../../../scripts")]

from hollow_checkpoint import Shape, write_checkpoint
from program import Failure, main, run, skip

# What --quantize makes of bf16, and what --quantize=keep leaves.
FORMATS = {"int4": "bf16", "int8": "bf16", "bf16": "bf16", "f16": "bf16", "q4_0": "q4_0", "q4_1": "q4_1", "q8_0": "q8_0", "q6_k": "q6_k"}
CACHES, SMS = ["f16", "int8"], [80, 86, 89, 90]
# A program for another capability than 80 carries code for that as well.
SOME = [("int4", "f16", 90), ("bf16", "int8", 90), ("f16", "f16", 90), ("int8", "int8", 90), ("f16", "int8", 89), ("q4_0", "f16", 80),
        ("q4_1", "f16", 80), ("q8_0", "f16", 80), ("q6_k", "f16", 90)]
BY_WGMMA = {"bf16": "bf16", "f16": "f16", "int4": "f16"}  # of capability 90
LAYERS = 40  # the counter of two would be a flag
MOST_REGISTERS = 255


def report(phidias, folder, form, cache, sm):
    stored = FORMATS[form]
    path = os.path.join(folder, stored + ".gguf")
    if not os.path.exists(path):
        write_checkpoint(path, stored, Shape(layers=LAYERS))
    kept = "keep" if form == stored and form != "bf16" else form
    flags = [f"--quantize{part}={kept}" for part in ("", "-head", "-embed")]
    command = [phidias, "compile", path, f"--target=cuda-sm{sm}", "--kv=" + cache, *flags]
    return json.loads(run([*command, "--report=json"], timeout=1200))["device"], command


def check_image(what, device, image):
    if image["spill_bytes"]:
        raise Failure(f"{what}, sm_{image['capability']}: {image['spill_bytes']} bytes spilt, expected none")
    if image["blocks_per_multiprocessor"] < 1:
        raise Failure(f"{what}: not one block fits")
    if not 0 < image["registers"] <= MOST_REGISTERS:
        raise Failure(f"{what}: {image['registers']} registers")
    print(f"| {what} | sm_{image['capability']} | {image['registers']} | {image['spill_bytes']} | {device['shared_bytes'] / 1000:.1f} "
          f"| {image['blocks_per_multiprocessor']} |", flush=True)


def check_table(command, device):
    text = run([*command, "--report"], timeout=1200)
    for image in device["assembled"]:
        line = (f"  sm_{image['capability']}: {image['registers']} registers, {image['spill_bytes']} bytes spilt, "
                f"{image['blocks_per_multiprocessor']} blocks a multiprocessor\n")
        if line not in text:
            raise Failure(f"--report: no line '{line.strip()}' in {text}")
    shared = f"threads a block, {device['shared_bytes'] / 1000:.1f} kB of shared memory\n"
    if shared not in text:
        raise Failure(f"--report: no '{shared.strip()}' in {text}")


def check_pipeline(phidias, folder):
    """ptxas says where it makes wgmmas wait for each other: it must not."""
    for form in BY_WGMMA:
        check_wgmma(phidias, folder, form)


def check_wgmma(phidias, folder, form):
    model, ptx = os.path.join(folder, "bf16.gguf"), os.path.join(folder, "kernel.ptx")
    run([phidias, "compile", model, "--target=cuda-sm90", "--quantize=" + form, "--emit=ptx", "-o", ptx], timeout=1200)
    with open(ptx) as text:
        if f"wgmma.mma_async.sync.aligned.m64n192k16.f32.{BY_WGMMA[form]}" not in text.read():
            raise Failure(f"cuda-sm90, {form}: no wgmma")
    ptxas = shutil.which("ptxas") or os.path.join(os.environ["CUDA_HOME"], "bin/ptxas")
    done = subprocess.run([ptxas, "-arch=sm_90a", "-v", ptx, "-o", os.devnull], capture_output=True, text=True, timeout=1200)
    if done.returncode or "serialized" in done.stderr + done.stdout:
        raise Failure(f"cuda-sm90, {form}: {next(line for line in (done.stderr + done.stdout).splitlines() if 'info' not in line or 'serialized' in line)}")


def check_absence(command, folder):
    """Without ptxas the report says so; it is no error."""
    nowhere = {name: value for name, value in os.environ.items() if name != "CUDA_HOME"} | {"PATH": folder}
    done = subprocess.run([*command, "--report"], capture_output=True, text=True, env=nowhere)
    if done.returncode or "there is no ptxas on this machine" not in done.stdout:
        raise Failure(f"without ptxas: exit code {done.returncode}, {done.stdout} {done.stderr}")


def check(phidias, every):
    if not shutil.which("ptxas") and not shutil.which(os.path.join(os.environ.get("CUDA_HOME", ""), "bin/ptxas")):
        skip("there is no ptxas here (on PATH or in CUDA_HOME): registers and spills are not known")
    cases = [(form, cache, sm) for form in FORMATS for cache in CACHES for sm in SMS] if every else SOME
    failures = []
    print("| weights, cache | for | registers | bytes spilt | kB shared | blocks |")
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            device, command = report(phidias, folder, *case)
            for image in device["assembled"]:
                try:
                    check_image(f"{case[0]}, {case[1]}", device, image)
                except Failure as failure:
                    failures.append(str(failure))
                    print(failure, flush=True)
        check_table(command, device)
        check_absence(command, folder)
        check_pipeline(phidias, folder)
    if failures:
        raise Failure("; ".join(failures))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--all"]):
        sys.exit(__doc__)
    main(check, sys.argv[1], bool(sys.argv[2:]))
