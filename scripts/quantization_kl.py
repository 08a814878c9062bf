#!/usr/bin/env python3
"""Mean KL divergence of a compiled program from the f32 model that it was compiled from.

usage: quantization_kl.py PROGRAM CHECKPOINT TEXT [--tokens 1536] [--window 512]
needs: numpy, torch, transformers
PROGRAM: what `phidias compile CHECKPOINT` made. CHECKPOINT: a Hugging Face folder, for example
`smollm2_checkpoint.py CHECKPOINT --dither 1`: a real model whose weights lie on no format's grid. TEXT: a file; its
first tokens are scored in windows that do not see each other.

KL(p || q) = sum p (log p - log q), p of torch in f32, q of the program, averaged over tokens, in nats.
"""
import argparse
import os
import subprocess
import tempfile

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def program_logits(program, ids, work):
    path = os.path.join(work, "logits.npy")
    subprocess.run([program, "logits", "--tokens", ",".join(map(str, ids)), "--output", path], check=True)
    return torch.from_numpy(np.load(path))


def divergence(expected, got):
    p, q = torch.log_softmax(expected.double(), -1), torch.log_softmax(got.double(), -1)
    return (p.exp() * (p - q)).sum(-1)


def windows(checkpoint, text, tokens, window):
    with open(text, encoding="utf-8") as f:
        ids = AutoTokenizer.from_pretrained(checkpoint)(f.read())["input_ids"][:tokens]
    if len(ids) < tokens:
        raise SystemExit(f"{text}: expected {tokens} tokens, got {len(ids)}")
    return [ids[at:at + window] for at in range(0, tokens, window)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("checkpoint")
    parser.add_argument("text")
    parser.add_argument("--tokens", type=int, default=1536)
    parser.add_argument("--window", type=int, default=512)
    o = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(o.checkpoint, dtype=torch.float32).eval()
    parts, agreed = [], []
    with tempfile.TemporaryDirectory() as work, torch.no_grad():
        for ids in windows(o.checkpoint, o.text, o.tokens, o.window):
            expected = model(torch.tensor([ids])).logits[0]
            got = program_logits(os.path.abspath(o.program), ids, work)
            parts.append(divergence(expected, got))
            agreed.append(expected.argmax(-1) == got.argmax(-1))
    every, same = torch.cat(parts), torch.cat(agreed)
    error = every.std() / len(every) ** 0.5
    print(f"{len(every)} tokens: mean KL {every.mean():.4f} +- {error:.4f}, median {every.median():.4f}, "
          f"same likeliest token {100 * same.double().mean():.1f} %")


if __name__ == "__main__":
    main()
