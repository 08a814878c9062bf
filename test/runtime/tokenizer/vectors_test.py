#!/usr/bin/env python3
"""The runtime of another architecture gives the ids and the texts of the reference (make_vectors.py), as VectorsTest.cpp holds here.

usage: vectors_test.py FAKE_TABLES TEMPLATE TOKENIZE_TABLE --under EMULATOR ...
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "fake"))
from under import take_emulator

UNDER = take_emulator()
FAKE_TABLES, TEMPLATE, TOKENIZE_TABLE = sys.argv[1:4]
del sys.argv[1:4]


def convert(table, lines, *words):
    """Each line's answer; a line is written and read as JSON."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([*UNDER, TOKENIZE_TABLE, table, *words], input=text, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


class Vectors(unittest.TestCase):
    def test_every_small_tokenizer(self):
        paths = sorted(glob.glob(os.path.join(HERE, "Inputs", "*.vectors")))
        self.assertGreaterEqual(len(paths), 11)
        for path in paths:
            with self.subTest(path), tempfile.TemporaryDirectory() as folder, open(path) as file:
                subprocess.run([FAKE_TABLES, path.removesuffix("vectors") + "json", TEMPLATE, "4096", folder], check=True)
                cases = [json.loads(line) for line in file]
                table = os.path.join(folder, "tokenizer.bin")
                self.assertEqual(convert(table, [case["text"] for case in cases]), [case["ids"] for case in cases])
                self.assertEqual(convert(table, [case["ids"] for case in cases], "--decode"),
                                 [case["decoded"] for case in cases])


if __name__ == "__main__":
    unittest.main()
