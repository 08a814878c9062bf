#!/usr/bin/env python3
"""A program whose code needs what the machine lacks says so in one line; of several codes it runs one that fits.

usage: features_test.py PROGRAM_FOR_THE_MOON PROGRAM_FOR_THE_MOON_AND_ANY_MACHINE [--under EMULATOR ...]

The fake's first code needs a register state that no processor has, and traps where it runs all the same.
"""
import json
import subprocess
import sys
import unittest

from under import take_emulator

UNDER = take_emulator()
BOTH = sys.argv.pop()
MOON = sys.argv.pop()


def run(*words):
    return subprocess.run([*UNDER, *words], capture_output=True, text=True, timeout=60)


class Features(unittest.TestCase):
    def test_every_verb_that_runs_the_model_stops_in_one_line(self):
        for words in (["generate", "--tokens", "3"], ["bench"], ["bench", "--profile"], ["chat"], ["tokenize", "a"],
                      ["logits", "--tokens", "1", "--output", "/dev/null"], ["perplexity", "/dev/null"]):
            done = run(MOON, *words)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done)
            self.assertEqual(done.stderr, "phidias: error: this program's code is for the moon: this machine lacks "
                                          "moonbeams, tides\n")

    def test_the_program_says_what_it_is_on_any_machine(self):
        self.assertEqual(run(MOON, "--help").returncode, 0)
        self.assertEqual(run(MOON, "verify").returncode, 0)
        version = run(MOON, "--version")
        self.assertEqual(version.returncode, 0, version)
        self.assertIn("this machine lacks moonbeams", version.stdout)

    def test_the_first_code_that_fits_runs(self):
        self.assertIn("code for any machine\n", run(BOTH, "--version").stdout)
        done = run(BOTH, "generate", "--tokens", "3", "--json")
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["tokens"], [4, 5, 6, 7], done)
        done = run(BOTH, "bench", "-p", "4", "-n", "4", "--repeat", "1", "--json")
        self.assertEqual(json.loads(done.stdout)["code"], "any machine", done)


if __name__ == "__main__":
    unittest.main()
