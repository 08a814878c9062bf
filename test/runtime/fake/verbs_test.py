#!/usr/bin/env python3
"""A program around the toy model does what each verb promises, and fails in one line where it must.

usage: verbs_test.py PROGRAM [--under EMULATOR ...]
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from under import take_emulator

UNDER = take_emulator()
FAKE = sys.argv.pop(1)


def run(*words, program=FAKE, **kw):
    kw.setdefault("timeout", 60)
    return subprocess.run([*UNDER, program, *words], capture_output=True, text=True, **kw)


class Verbs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def copy(self):
        for end in ("", ".weights"):
            shutil.copy(FAKE + end, self.path("prog" + end))
        return self.path("prog")

    def fails(self, done, *parts, status=1):
        self.assertEqual(done.returncode, status, done)
        self.assertEqual(done.stderr.count("\n"), 1, done)
        self.assertTrue(done.stderr.startswith("phidias: error: "), done)
        for part in parts:
            self.assertIn(part, done.stderr)

    def generate(self, *words):
        done = run("generate", *words, "--json")
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout.splitlines()[-1])

    # The toy counts upwards and stops on 7 and 99.
    def test_greedy_and_both_stop_ids(self):
        answer = self.generate("--tokens", "3")
        self.assertEqual((answer["tokens"], answer["stop"], answer["prompt_tokens"]), ([4, 5, 6, 7], "eos", 1))
        self.assertEqual(self.generate("--tokens", "97")["tokens"], [98, 99])
        self.assertEqual(self.generate("--tokens", "98", "--ignore-eos", "--max-tokens", "3")["tokens"], [99, 0, 1])

    def test_threads_make_no_difference(self):
        for threads in {1, min(2, os.cpu_count()), os.cpu_count()}:
            for share in "auto", "even", "claim":
                with self.subTest(threads=threads, share=share):
                    answer = self.generate("--tokens", "1,2,3", "--threads", str(threads), "--share", share)
                    self.assertEqual(answer["tokens"], [4, 5, 6, 7])

    def test_threads_are_capped(self):
        self.fails(run("generate", "--tokens", "1", "--threads", "4096"), "--threads 4096: this machine has ", " processor")

    def test_threads_default_to_the_affinity_mask(self):
        only = lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        done = run("bench", "-p", "1", "-n", "1", "--repeat", "1", "--json", preexec_fn=only)
        self.assertEqual(json.loads(done.stdout)["threads"], 1)

    def test_a_program_is_small(self):
        self.assertLess(os.path.getsize(FAKE), 2_000_000)

    def test_limits(self):
        answer = self.generate("--tokens", "10", "--max-tokens", "2")
        self.assertEqual((answer["tokens"], answer["stop"]), ([11, 12], "length"))
        answer = self.generate("--tokens", "10,11", "--context", "4")
        self.assertEqual((answer["tokens"], answer["stop"]), ([12, 13, 14], "context"))
        self.assertEqual(self.generate("--tokens", "10", "--max-tokens", "0")["tokens"], [])
        self.fails(run("generate", "--tokens", "1,2,3,4,5", "--context", "4"), "5 tokens", "context of 4")
        self.fails(run("generate", "--tokens", "1", "--context", "257"), "--context 257", "256")

    # The long factors hold from the 65th position on; a cache of mixed factors would answer 0.
    def test_longrope_boundary(self):
        answer = self.generate("--tokens", "20", "--max-tokens", "68", "--ignore-eos")
        self.assertEqual(answer["tokens"], list(range(21, 85)) + [86, 88, 90, 92])

    def test_sampling_is_seeded(self):
        words = ("--tokens", "1", "--temperature", "100", "--max-tokens", "20", "--ignore-eos")
        first, again = (self.generate(*words, "--seed", "5")["tokens"] for _ in range(2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, self.generate(*words, "--seed", "6")["tokens"])
        self.assertEqual(self.generate("--tokens", "1", "--top-k", "1")["tokens"], [2, 3, 4, 5, 6, 7])

    def test_logits(self):
        out = self.path("x.npy")
        ids = list(range(5, 45))
        self.assertEqual(run("logits", "--tokens", ",".join(map(str, ids)), "--output", out).returncode, 0)
        with open(out, "rb") as file:
            data = file.read()
        length = struct.unpack("<H", data[8:10])[0]
        self.assertEqual(data[:8], b"\x93NUMPY\x01\x00")
        self.assertEqual((10 + length) % 64, 0)
        self.assertEqual(eval(data[10:10 + length]), {"descr": "<f4", "fortran_order": False, "shape": (40, 100)})
        values = struct.unpack("<4000f", data[10 + length:])
        for row, token in enumerate(ids):
            self.assertEqual(list(values[row * 100:row * 100 + 100]), [9.0 * (i == token + 1) for i in range(100)])
        self.assertEqual(os.listdir(self.folder.name), ["x.npy"])

    def test_logits_errors_leave_nothing(self):
        self.fails(run("logits", "--tokens", "1,100", "--output", self.path("x.npy")), "token 100", "100")
        self.fails(run("logits", "--tokens", "1", "--output", self.path("no/x.npy")), "no/x.npy")
        self.fails(run("logits", "--tokens", "1", "--output", "/dev/null"), "/dev/null: not a regular file")
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_verify(self):
        program = self.copy()
        self.assertEqual(run("verify", program=program).returncode, 0)
        with open(program + ".weights", "r+b") as file:
            file.seek(9000)
            file.write(b"x")
        self.fails(run("verify", program=program), "prog.weights: damaged")

    def test_verify_program(self):
        program = self.copy()
        with open(program, "ab") as file:
            file.write(b"x")
        self.fails(run("verify", program=program), "prog: damaged")

    def test_weights_are_checked(self):
        program = self.copy()
        weights = program + ".weights"
        with open(weights, "rb") as file:
            good = file.read()
        for data, part in ((good[:-1], "expected length 12288, got 12287"), (good + b"x", "got 12289"), (b"", "got 0"),
                           (b"X" + good[1:], "not a weights file"), (good[:8] + b"\1" + good[9:], "abi version 10, got 1"),
                           (good[:16] + b"\x09" + good[17:], "another program")):
            with open(weights, "wb") as file:
                file.write(data)
            self.fails(run("generate", "--tokens", "1", program=program), "prog.weights", part)
        os.remove(weights)
        self.fails(run("generate", "--tokens", "1", program=program), "prog.weights: No such file")
        self.assertEqual(run("generate", "--tokens", "1", "--weights", FAKE + ".weights", program=program).returncode, 0)
        self.fails(run("generate", "--tokens", "1", "--weights", self.folder.name), "not a regular file")

    def wait_until_mapped(self, running, path):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with open(f"/proc/{running.pid}/maps") as maps:
                if path in maps.read():
                    return
        self.fail(f"{path} was never mapped")

    def test_weights_that_shrink_while_in_use(self):
        program = self.copy()
        words = [*UNDER, program, "bench", "-p", "0", "-n", "250", "--repeat", "1000"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            self.wait_until_mapped(running, program + ".weights")
            os.truncate(program + ".weights", 4096)
            err = running.communicate(timeout=60)[1]
        self.assertEqual(running.returncode, 1)
        self.assertRegex(err, r"^phidias: error: .*prog.weights: cannot be read: cut short[^\n]*\n$")

    def test_bench(self):
        done = run("bench", "-p", "40", "-n", "10", "--depth", "20", "--repeat", "2", "--json")
        result = json.loads(done.stdout)
        self.assertGreater(result["prefill_tok_s"], 0)
        self.assertGreater(result["decode_tok_s"], 0)
        self.assertEqual((result["batch"], result["cache_bytes_per_position"], result["weights_bytes"]), (1, 8, 12288))
        self.fails(run("bench", "-p", "300"), "300 positions", "256")
        self.fails(run("bench", "--batch", "17"), "--batch 17", "16 tokens")

    def test_bench_takes_some_tokens_a_pass(self):
        done = run("bench", "-p", "0", "-n", "10", "--batch", "4", "--profile", "--json")
        self.assertEqual(done.returncode, 0, done)
        decode = json.loads(done.stdout)["decode"]
        self.assertEqual((decode["passes"], decode["tokens"]), (3, 10))
        # Logits of every token: 50 multiply-adds each.
        self.assertEqual((decode["stages"][1]["calls"], decode["stages"][1]["ops"]), (3, 1000))
        self.assertIn("10 tokens, 4 a pass", run("bench", "-p", "0", "-n", "10", "--batch", "4", "--repeat", "1").stdout)

    # The toy has two stages: append (no weights), and logits (8192 bytes and 50 multiply-adds a token).
    def test_profile(self):
        trace = self.path("trace.json")
        done = run("bench", "-p", "40", "-n", "10", "--trace", trace, "--json")
        self.assertEqual(done.returncode, 0, done)
        result = json.loads(done.stdout)
        self.assertGreater(result["bytes_per_s"], 1e8)
        self.assertGreater(result["ops_per_s"], 0)
        decode = result["decode"]
        self.assertEqual((decode["passes"], decode["tokens"]), (10, 10))
        append, logits, outside = decode["stages"]
        self.assertEqual([x["name"] for x in (append, logits, outside)], ["append", "logits", "(outside)"])
        self.assertEqual((append["calls"], logits["calls"]), (10, 10))
        self.assertEqual((append["bytes"], logits["bytes"], logits["ops"]), (0, 81920, 1000))
        self.assertAlmostEqual(sum(x["time_share"] for x in decode["stages"]), 1)
        self.assertAlmostEqual(sum(x["seconds"] for x in decode["stages"]), decode["total"]["seconds"])
        self.assertEqual((result["prefill"]["passes"], result["prefill"]["tokens"]), (3, 40))
        logits = result["prefill"]["stages"][1] # of the last pass, for one row
        self.assertEqual((logits["calls"], logits["bytes"], logits["ops"]), (1, 8192, 100))
        with open(trace) as file:
            events = json.load(file)["traceEvents"]
        names = [x["name"] for x in events if x["cat"] == "decode"]
        self.assertEqual((names.count("append"), names.count("logits"), names.count("decode")), (10, 10, 10))
        self.assertTrue(all(x["ph"] == "X" and x["dur"] >= 0 for x in events))

    def test_profile_table(self):
        done = run("bench", "-p", "0", "-n", "10", "--profile")
        self.assertRegex(done.stdout, r"^code for any machine\nB: [\d.]+ GB/s.*\nP: [\d.]+ GOP/s.*\n\ndecode: 10 passes, 10 tokens")
        self.assertRegex(done.stdout, r"\nlogits +1 ")
        self.fails(run("bench", "--trace", self.path("no/x"), "-p", "1"), "no/x: No such file")

    def test_no_tokenizer(self):
        for words in (("hello",), ("tokenize", "x"), ("chat",), ("perplexity", FAKE)):
            self.fails(run(*words, stdin=subprocess.DEVNULL), "carries no tokenizer")

    def test_output_errors(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*UNDER, FAKE, "generate", "--tokens", "1"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.fails(done, "standard output: No space left on device")
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([*UNDER, FAKE, "generate", "--tokens", "1"], stdout=write, stderr=subprocess.PIPE, text=True)
        os.close(write)
        self.fails(done, "standard output: Broken pipe")

    def test_usage(self):
        self.fails(run("generate"), "--prompt", status=2)
        self.fails(run("x", "--nonsense"), "--nonsense: unknown flag", status=2)
        self.fails(run("generate", "--tokens", "1", "--top-k"), "--top-k: a value is missing", status=2)
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("counts upwards", run("--version").stdout)


if __name__ == "__main__":
    unittest.main()
