#!/usr/bin/env python3
"""A program for a GPU finds the driver when it starts, answers as on the processor, and ends in one line where it cannot.

usage: device_test.py PROGRAM FOLDER_OF_THE_FAKE_DRIVER READELF

The toy counts upwards and stops on 7 and 99 (fake/FakeModel.cpp); the driver is device/Fake*.cpp.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

READELF = sys.argv.pop()
DRIVER = sys.argv.pop()
PROGRAM = sys.argv.pop()


class Device(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_program(self, *words, driver=DRIVER, program=PROGRAM, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FAKE_CUDA")}
        environment |= {"LD_LIBRARY_PATH": driver, "XDG_CACHE_HOME": self.path("cache")} | settings
        return subprocess.run([program, *words], capture_output=True, text=True, env=environment, timeout=300)

    def fails(self, done, *parts):
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(done.stderr.count("\n"), 1, done)
        self.assertTrue(done.stderr.startswith("phidias: error: "), done)
        for part in parts:
            self.assertIn(part, done.stderr)

    def generate(self, *words, **settings):
        done = self.run_program("generate", *words, "--json", **settings)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return json.loads(done.stdout)

    def test_it_answers(self):
        self.assertEqual(self.generate("--tokens", "3")["tokens"], [4, 5, 6, 7])
        long = self.generate("--tokens", ",".join(map(str, range(20))), "--ignore-eos", "--max-tokens", "30")
        self.assertEqual(long["tokens"], list(range(20, 50)))

    def test_bench_says_where_it_ran(self):
        done = self.run_program("bench", "-p", "4", "-n", "4", "--repeat", "1")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("16 blocks on Fake H100", done.stdout)
        self.fails(self.run_program("bench", "--profile"), "does not report its stages")

    def calls(self, *words, **settings):
        """How often each call of the driver was made for an answer of 6 tokens after a prompt of 20."""
        log = self.path("log")
        if os.path.exists(log):
            os.remove(log)
        prompt = ",".join(map(str, range(20)))
        answer = self.generate("--tokens", prompt, "--ignore-eos", "--max-tokens", "6", *words, FAKE_CUDA_LOG=log, **settings)
        self.assertEqual(answer["tokens"], list(range(20, 26)))
        with open(log) as file:
            return collections.Counter(file.read().split())

    def test_a_chain_of_launches(self):
        whole = self.calls()
        self.assertEqual((whole["cuLaunchCooperativeKernel"], whole["cuLaunchKernel"], whole["cuGraphLaunch"]), (7, 0, 0))
        # Two passes for the prompt, of 16 and 4 tokens, and one for each of five tokens: two kinds of short passes.
        for chain in (self.calls("--launch", "chain"), self.calls(FAKE_CUDA_NO_GRIDS="1"), self.calls("--launch=auto", FAKE_CUDA_NO_GRIDS="1")):
            self.assertEqual((chain["cuLaunchCooperativeKernel"], chain["cuLaunchKernel"], chain["cuGraphLaunch"]), (0, 2, 6))
            self.assertEqual(chain["cuGraphInstantiateWithFlags"], 2)
        # A driver of before graphs: launch by launch, of which a pass with a choice has three here.
        old = self.calls("--launch=chain", driver=DRIVER + "-old")
        self.assertEqual((old["cuLaunchKernel"], old["cuGraphLaunch"]), (2 + 6 * 3, 0))
        self.fails(self.run_program("generate", "--tokens", "3", "--launch=persistent", FAKE_CUDA_NO_GRIDS="1"),
                   "--launch=persistent: Fake H100 launches no cooperative grids")
        bad = self.run_program("generate", "--tokens", "3", "--launch=graph")
        self.assertEqual((bad.returncode, bad.stderr.count("\n")), (2, 1), bad)
        self.assertIn("--launch: expected auto, persistent or chain, got 'graph'", bad.stderr)

    def test_no_driver(self):
        done = self.run_program("generate", "--tokens", "3", driver=self.folder.name)
        if os.path.exists("/dev/nvidiactl"):
            self.skipTest("this machine has a driver")
        self.assertEqual(done.stderr, "phidias: error: this program runs on NVIDIA GPUs: libcuda.so.1 was not found (is "
                                      "the driver installed?)\n")
        self.assertEqual(done.returncode, 1)

    def test_a_driver_that_is_none(self):
        with open(self.path("libcuda.so.1"), "w") as file:
            file.write("not a library")
        self.fails(self.run_program("generate", "--tokens", "3", driver=self.folder.name), "cannot be loaded: ")

    def test_what_needs_no_gpu_runs_without(self):
        for words in (["--help"], ["--version"], ["verify"]):
            done = self.run_program(*words, driver=self.folder.name)
            self.assertEqual(done.returncode, 0, done)
        self.assertIn("code for a fake GPU", self.run_program("--version").stdout)

    def test_bad_machines(self):
        run = lambda **settings: self.run_program("generate", "--tokens", "3", **settings)
        self.fails(run(FAKE_CUDA_VERSION="10020"), "the NVIDIA driver is too old: it is of CUDA 10.2, this program needs 11.0")
        self.fails(run(FAKE_CUDA_GPUS="75:4:1000000:Fake T4"), "Fake T4 has compute capability 7.5")
        self.fails(run(FAKE_CUDA_GPUS="90:4:9000:Fake H100"), "Fake H100 has 0.0 GB of memory free")
        self.fails(run(FAKE_CUDA_FAIL="cuInit:1:100"), "CUDA_ERROR_NO_DEVICE")
        self.fails(run(FAKE_CUDA_FAIL="cuInit:1:999"), "failed starting the driver: CUDA_ERROR_UNKNOWN")
        self.fails(self.run_program("generate", "--tokens", "3", "--device", "1"), "--device 1: this machine has 0: Fake H100")

    def test_the_right_image(self):
        for gpu, version, target in (("90", "12040", "sm_90a"), ("90", "11080", "sm_80"), ("89", "12040", "sm_80")):
            shutil.rmtree(self.path("cache"), ignore_errors=True)
            self.generate("--tokens", "3", FAKE_CUDA_GPUS=gpu + ":4:1000000:Fake", FAKE_CUDA_VERSION=version)
            (name,) = os.listdir(self.path("cache/phidias"))
            with open(self.path("cache/phidias/" + name), "rb") as file:
                self.assertIn(b".target " + target.encode() + b"\n", file.read())

    def test_the_second_run_does_not_compile(self):
        for compiles in (1, 0):
            log = self.path("log" + str(compiles))
            self.generate("--tokens", "3", FAKE_CUDA_LOG=log)
            with open(log) as file:
                self.assertEqual(file.read().split().count("cuLinkCreate_v2"), compiles)

    def test_a_lost_device(self):
        # The third pass: after two tokens of text.
        done = self.run_program("generate", "--tokens", "8", "--json", FAKE_CUDA_LOSE="3")
        self.fails(done, "running a pass: CUDA_ERROR_LAUNCH_FAILED")
        self.assertEqual(done.stdout, "")
        output = self.path("out.npy")
        done = self.run_program("logits", "--tokens", ",".join(["1"] * 40), "--output", output, FAKE_CUDA_LOSE="2")
        self.fails(done, "CUDA_ERROR_LAUNCH_FAILED")
        self.assertEqual([name for name in os.listdir(self.folder.name) if "npy" in name], [])
        self.fails(self.run_program("bench", "-p", "4", FAKE_CUDA_LOSE="2"), "CUDA_ERROR_LAUNCH_FAILED")
        whole = self.run_program("logits", "--tokens", ",".join(["1"] * 40), "--output", output)
        self.assertEqual(whole.returncode, 0, whole)
        self.assertTrue(os.path.exists(output))

    def test_it_asks_little_of_the_system(self):
        self.assertLess(os.path.getsize(PROGRAM), 2_000_000)
        text = subprocess.run([READELF, "-dVlW", PROGRAM], capture_output=True, text=True, check=True).stdout
        self.assertEqual(re.findall(r"NEEDED.*\[(.*)\]", text), ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"])
        self.assertIn("/lib64/ld-linux-x86-64.so.2]", text)
        versions = {tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", text)}
        self.assertLessEqual(max(versions), (2, 17))


if __name__ == "__main__":
    unittest.main()
