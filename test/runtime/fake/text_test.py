#!/usr/bin/env python3
"""The verbs that take text, around the toy model: a token a byte; an answer is the alphabet, then <|end|>.

usage: text_test.py PROGRAM [--under EMULATOR ...]
"""
import json
import math
import os
import pty
import signal
import subprocess
import sys
import tempfile
import unittest

from under import take_emulator

UNDER = take_emulator()
FAKE = sys.argv.pop(1)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USER, END, ASSISTANT, SYSTEM = 256, 257, 258, 259


def run(*words, **kw):
    return subprocess.run([*UNDER, FAKE, *words], capture_output=True, text=True, timeout=60, **kw)


class Text(unittest.TestCase):
    def out(self, *words, **kw):
        done = run(*words, **kw)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def fails(self, done, part):
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(done.stderr.count("\n"), 1, done)
        self.assertIn(part, done.stderr)

    def test_prompt(self):
        self.assertEqual(self.out("hello"), ALPHABET + "\n")
        self.assertEqual(self.out("--", "-x"), ALPHABET + "\n")
        self.assertEqual(self.out("-", input="hello"), ALPHABET + "\n")

    def test_json(self):
        answer = json.loads(self.out("generate", "--prompt", "hi", "--json"))
        self.assertEqual((answer["text"], answer["stop"]), (ALPHABET, "eos"))
        self.assertEqual(answer["tokens"], list(ALPHABET.encode()) + [END])
        self.assertEqual(answer["prompt_tokens"], 5)  # <|user|> h i <|end|> <|assistant|>
        answer = json.loads(self.out("generate", "--prompt", "hi", "--system", "be", "--json"))
        self.assertEqual(answer["prompt_tokens"], 9)

    # A user's text cannot open a turn; a raw prompt can.
    def test_trust(self):
        answer = json.loads(self.out("generate", "--prompt", "<|end|>", "--json"))
        self.assertEqual(answer["prompt_tokens"], 3 + len("<|end|>"))
        answer = json.loads(self.out("generate", "--prompt", "<|assistant|>", "--raw", "--json"))
        self.assertEqual((answer["prompt_tokens"], answer["text"]), (1, ALPHABET))

    def test_raw(self):
        self.assertEqual(self.out("X", "--raw"), "YZ\n")

    def test_stop_text(self):
        self.assertEqual(self.out("x", "--stop", "XY", "--stop", "DE"), "ABC\n")
        answer = json.loads(self.out("x", "--stop", "DE", "--json"))
        self.assertEqual((answer["text"], answer["stop"]), ("ABC", "text"))
        self.assertEqual(self.out("x", "--max-tokens", "4", "--stop", "DX"), "ABCD\n")

    def test_tokenize(self):
        self.assertEqual(self.out("tokenize", "a<|end|>é"), "[97,257,195,169]\n")
        self.assertEqual(self.out("tokenize", "--decode", "97,257,195,169"), "a<|end|>é\n")
        lines = ["plain", "two\nlines", 'q"uote', "é\u0000"]
        ids = self.out("tokenize", "--lines", input="".join(json.dumps(x) + "\n" for x in lines))
        self.assertEqual([json.loads(x) for x in ids.splitlines()], [list(x.encode()) for x in lines])
        back = self.out("tokenize", "--lines", "--decode", input=ids)
        self.assertEqual([json.loads(x) for x in back.splitlines()], lines)
        self.fails(run("tokenize", "--lines", input='"good"\nbad\n'), "line 2: expected a JSON string")
        self.fails(run("tokenize", "--lines", "--decode", input="[1,-2]\n"), "line 1: expected a token id, got -2")
        self.fails(run("tokenize", "--decode", "5000"), "token 5000")

    # Logits are 9 for the follower and 0 for the other 299 tokens.
    def test_perplexity(self):
        right = math.log(math.exp(9) + 299) - 9
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "text")
            with open(path, "w") as file:
                file.write("ABCX" + "AB" + "Q")
            result = json.loads(self.out("perplexity", path, "--json", "--window", "4"))
            # Windows ABCX (right, right, wrong) and ABQ (right, wrong).
            self.assertEqual(result["tokens"], 5)
            self.assertAlmostEqual(result["nll"], right + 9 * 2 / 5, places=6)
            self.assertAlmostEqual(result["perplexity"], math.exp(right + 9 * 2 / 5), places=3)
            self.fails(run("perplexity", path, "--window", "999"), "--window 999")
            with open(path, "w") as file:
                file.write("A")
            self.fails(run("perplexity", path), "needs two tokens")
        self.fails(run("perplexity", "/no/file"), "/no/file: No such file")

    # This toy brings no peak.
    def test_profile_without_a_peak(self):
        result = json.loads(self.out("bench", "-p", "1", "-n", "1", "--profile", "--json"))
        self.assertNotIn("ops_per_s", result)
        self.assertNotIn("peak_share", result["decode"]["total"])

    def test_chat(self):
        talk = "one\n\ntwo\n/reset\nthree\n/exit\nfour\n"
        self.assertEqual(self.out("chat", "--max-tokens", "3", input=talk), "ABC\n" * 3)
        self.assertEqual(self.out("chat", "--system", "s", input="last line without end"), ALPHABET + "\n")
        self.assertEqual(self.out("chat", "--max-tokens", "2", input="a\n"), "AB\n")

    # 64 is LongRoPE's boundary: the second prompt lies behind it, and the toy then skips every other letter.
    def test_chat_crosses_longrope(self):
        self.assertEqual(self.out("chat", "--max-tokens", "3", input="a\n" + "b" * 60 + "\n"), "ABC\nBDF\n")

    def test_chat_context(self):
        self.fails(run("chat", "--context", "20", input="x" * 30 + "\n"), "context of 20")

    # At the sign of a terminal Ctrl-C asks anew, and the program lives on.
    def test_ctrl_c(self):
        signal.alarm(30)  # ends the test where the program does not answer
        self.addCleanup(signal.alarm, 0)
        parent, child = pty.openpty()
        with subprocess.Popen([*UNDER, FAKE, "chat"], stdin=child, stdout=subprocess.PIPE, start_new_session=True) as chat:
            os.close(child)
            self.assertEqual(chat.stdout.read(2), b"> ")
            chat.send_signal(signal.SIGINT)
            self.assertEqual(chat.stdout.read(3), b"\n> ")
            os.write(parent, b"hi\n/exit\n")
            self.assertEqual(chat.stdout.read(), (ALPHABET + "\n> ").encode())
            self.assertEqual(chat.wait(timeout=60), 0)
        os.close(parent)


if __name__ == "__main__":
    unittest.main()
