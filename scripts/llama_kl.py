#!/usr/bin/env python3
"""Mean KL divergence from f32, on the same quantised weights, of a program and of llama.cpp: what their rounding of activations costs.

usage: llama_kl.py MODEL.gguf REFERENCE PROGRAM TEXT [--tokens 1536] [--window 256] [--threads N]
needs: numpy, llama-cpp-python
REFERENCE: `phidias compile MODEL.gguf --quantize=f32 --pipeline=reference`; PROGRAM: `phidias compile MODEL.gguf`. TEXT: a file; its
first tokens are scored in windows that do not see each other.

KL(p || q) = sum p (log p - log q), p of the reference, averaged over tokens, in nats; +- is the standard error of that mean, so that
two figures closer than it do not differ.
"""
import argparse
import json
import os
import subprocess
import tempfile

import llama_cpp
import numpy as np


def log_softmax(logits):
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def token_ids(program, path):
    with open(path, encoding="utf-8") as text:
        line = json.dumps(text.read())
    out = subprocess.run([program, "tokenize", "--lines"], input=line, text=True, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out.splitlines()[0])


def program_logits(program, ids, work):
    path = os.path.join(work, "logits.npy")
    subprocess.run([program, "logits", "--tokens", ",".join(map(str, ids)), "--output", path], check=True)
    return np.load(path)


class Llama:
    def __init__(self, path, window, threads):
        self.model = llama_cpp.Llama(path, n_ctx=window, n_batch=window, n_threads=threads, n_threads_batch=threads,
                                     logits_all=True, verbose=False)

    def logits(self, ids):
        self.model.reset()
        self.model.eval(ids)
        return np.array(self.model.scores[:len(ids)])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "reference", "program", "text"):
        parser.add_argument(name)
    parser.add_argument("--tokens", type=int, default=1536)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def main():
    o = arguments()
    ids = token_ids(o.reference, o.text)[:o.tokens]
    if len(ids) < o.tokens:
        raise SystemExit(f"{o.text}: expected {o.tokens} tokens, got {len(ids)}")
    llama, found = Llama(o.model, o.window, o.threads), {"llama.cpp": [], "program": []}
    with tempfile.TemporaryDirectory() as work:
        for at in range(0, o.tokens, o.window):
            window = ids[at:at + o.window]
            p = log_softmax(program_logits(o.reference, window, work))
            for name, logits in (("llama.cpp", llama.logits(window)), ("program", program_logits(o.program, window, work))):
                found[name] += list((np.exp(p) * (p - log_softmax(logits))).sum(1))
    for name, values in found.items():
        print(f"{name:10} {np.mean(values):.5f} +- {np.std(values) / len(values) ** 0.5:.5f}, {len(values)} tokens")


if __name__ == "__main__":
    main()
