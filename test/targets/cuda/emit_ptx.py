#!/usr/bin/env python3
"""What a user sees of --target=cuda-smNN on a machine without a GPU: PTX with the instructions of each capability, programs that say in
one line what they miss, and one line of the compiler for what cannot be.

usage: emit_ptx.py PHIDIAS FOLDER_OF_THE_FAKE_DRIVER READELF
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../e2e"))

import toys
from program import Failure, main, run

# Where the code is that of sm_80, so is the text.
SMS = {"sm80": ("sm_80", "7.0"), "sm86": ("sm_80", "7.0"), "sm89": ("sm_80", "7.0"), "sm90": ("sm_90a", "8.0")}
COPIES = ["cp.async.cg.shared.global", "cp.async.commit_group", "cp.async.wait_group", "bar.sync"]
FLOATS = "mma.sync.aligned.m16n8k16.row.col.f32.{0}.{0}.f32"
# By format: what its products and loads are on sm_80. int4 and int8 multiply activations of 8 bits; a long pass goes by f16.
FORMATS = {"int4": ["mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32", "prmt.b32", FLOATS.format("f16"),
                    "ldmatrix.sync.aligned.m8n8.x4.shared.b16"],
           "int8": ["mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32|mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32", FLOATS.format("f16")],
           "bf16": [FLOATS.format("bf16"), "ldmatrix.sync.aligned.m8n8.x4.shared.b16"], "f16": ["fma.rn.f32", FLOATS.format("f16")]}
WGMMA = "wgmma.mma_async.sync.aligned.m64n192k16.f32.{0}.{0}"
HOPPER_ONLY = ["wgmma", "cp.async.bulk", "mbarrier.try_wait"]


def expect(what, got, expected):
    if got != expected:
        raise Failure(f"{what}: expected {expected!r}, got {got!r}")


def expect_words(what, text, present, absent=()):
    for word in present:
        if not any(each in text for each in word.split("|")):
            raise Failure(f"{what}: has no {word}")
    for word in absent:
        if word in text:
            raise Failure(f"{what}: has {word}")


def emit(phidias, model, *flags):
    return run([phidias, "compile", model, "--emit=ptx", *flags])


def check_text(phidias, model):
    for sm, (architecture, version) in SMS.items():
        text = emit(phidias, model, "--target=cuda-" + sm, "--quantize=bf16")
        expect(sm, re.findall(r"^\.(?:target|version) (.*)$", text, re.M), [version, architecture])
        expect_words(sm, text, [".visible .entry phi_forward(", ".reqntid 256", ".extern .shared .align 1024 .b8 phi_shared[]"],
                     HOPPER_ONLY if sm != "sm90" else [])
        expect(sm + ", entries", text.count(".entry"), 1)
        # Byte 144 of its argument is the first region of a launch; with wgmma each runs the whole pass.
        expect(sm + ", runs in parts", "[phi_forward_param_0+144]" in text, "wgmma" not in text)
        # Global memory is known to be global: no generic access, no memory of a thread's own.
        expect(sm + ", generic accesses", re.findall(r"^\s+(?:@!?%p\d+ )?(?:ld|st)\.(?:v\d\.)?[bfsu]\d+.*", text, re.M)[:3], [])
        # All else lies behind that, which so begins where wgmma's swizzle does.
        expect(sm + ", other shared memory", re.findall(r"^\s*\.(?:visible )?shared .*", text, re.M)[:3], [])
        expect(sm + ", local memory", re.findall(r".*\.local.*", text)[:3], [])
    floats = [f"--quantize{part}=f32" for part in ("", "-head", "-embed")]
    expect("sm90, f32", re.findall(r"^\.target (.*)$", emit(phidias, model, "--target=cuda-sm90", *floats), re.M), ["sm_80"])
    print(f"{len(SMS)} capabilities: PTX of their versions")
    for form, words in FORMATS.items():
        flags = [f"--quantize{part}={form}" for part in ("", "-head", "-embed")]
        expect_words(form, emit(phidias, model, "--target=cuda-sm80", *flags), words + COPIES)
        product = WGMMA.format("bf16" if form == "bf16" else "f16")
        expect_words(form + ", sm90", emit(phidias, model, "--target=cuda-sm90", *flags), [product])
        print(f"{form}: {', '.join(words)}")
    llvm = run([phidias, "compile", model, "--emit=llvm", "--target=cuda-sm80"])
    expect_words("--emit=llvm", llvm, ["define ptx_kernel void @phi_forward(ptr byval(", "@llvm.nvvm.mma."])


def refused(command, code, *parts, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    expect(" ".join(command[-3:]) + ", exit code", (done.returncode, done.stdout), (code, ""))
    expect(" ".join(command[-3:]) + ", lines: " + done.stderr, done.stderr.count("\n"), 1)
    expect_words(" ".join(command[-3:]) + ": " + done.stderr, done.stderr, parts)


def check_compiler(phidias, model):
    compile = [phidias, "compile", model]
    for target in ("cuda-sm75", "cuda-sm100", "cuda", "cuda-sm", "cuda-sm_80", "cuda-90"):
        refused([*compile, "--emit=ptx", "--target=" + target], 2, f"--target={target}: not a known GPU; known are cuda-sim, cuda-sm80, "
                "cuda-sm86, cuda-sm89, cuda-sm90")
    for target in ("native", "x86-64-v3", "arm64-cortex-a76", "cuda-sim"):
        refused([*compile, "--emit=ptx", "--target=" + target], 2, f"--emit=ptx: --target={target} is not a GPU")
    refused([*compile, "--emit=obj", "--target=cuda-sm80"], 1, "--emit=obj: code for cuda-sm80 is text for its driver")
    print("what the compiler refuses: one line each")


def check_program(phidias, model, work, driver, readelf):
    for sm in SMS:
        program = os.path.join(work, sm)
        run([phidias, "compile", model, "-o", program, "--target=cuda-" + sm])
        expect_words("--version", run([program, "--version"]), ["code for cuda-" + sm])
        ask = [program, "generate", "--tokens", "3"]
        nothing = os.environ | {"LD_LIBRARY_PATH": work, "XDG_CACHE_HOME": os.path.join(work, "cache")}
        if not os.path.exists("/dev/nvidiactl"):
            refused(ask, 1, "phidias: error: this program runs on NVIDIA GPUs: libcuda.so.1 was not found", env=nothing)
        # A driver that is not ours to run code on, but tells of itself.
        fake = nothing | {"LD_LIBRARY_PATH": driver, "FAKE_CUDA_GPUS": f"{sm[2:]}:4:80000000000:Fake"}
        refused(ask, 1, "the NVIDIA driver is too old: it is of CUDA 10.2, this program needs 11.", env=fake | {"FAKE_CUDA_VERSION": "10020"})
        refused([*ask, "--device", "1"], 1, "--device 1: this machine has 0: Fake (80.0 GB)", env=fake)
        refused(ask, 1, "Fake has compute capability 7.5: this program's code is for ", env=fake | {"FAKE_CUDA_GPUS": "75:4:80000000000:Fake"})
        refused(ask, 1, "Fake has 0.0 GB of memory free: this needs ", env=fake | {"FAKE_CUDA_GPUS": f"{sm[2:]}:4:99000:Fake"})
        # The fake driver keeps the text that it is given, and has another kernel for all.
        refused(ask, 1, "the NVIDIA driver failed running a pass: CUDA_ERROR_LAUNCH_FAILED", env=fake)
        check_cache(os.path.join(work, "cache/phidias"), emit(phidias, model, "--target=cuda-" + sm))
        check_file(program, readelf)
    print(f"{len(SMS)} programs: one line each for what a machine lacks")


def check_cache(folder, text):
    """What the driver has compiled is what --emit=ptx shows, packed in the program as it was."""
    (name,) = os.listdir(folder)
    with open(os.path.join(folder, name), "rb") as file:
        if text.encode() not in file.read():
            raise Failure("the driver was not given what --emit=ptx shows")
    os.remove(os.path.join(folder, name))


def check_file(program, readelf):
    text = run([readelf, "-dVlW", program])
    expect("libraries", re.findall(r"NEEDED.*\[(.*)\]", text), ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"])
    # Debian 11's C library is 2.31.
    versions = {tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", text)}
    if not versions or max(versions) > (2, 31):
        raise Failure(f"versions of the C library: {sorted(versions)}, expected none after 2.31")


def check(phidias, driver, readelf):
    with tempfile.TemporaryDirectory() as work:
        model, _ = toys.make("phi3-gqa", os.path.join(work, "toy"))
        check_text(phidias, model)
        check_compiler(phidias, model)
        check_program(phidias, model, work, driver, readelf)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(check, *sys.argv[1:])
