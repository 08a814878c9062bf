#!/usr/bin/env python3
"""Makes references/NAME.npz: what transformers says of the toy checkpoints. Run by hand; the tests need no torch.

usage: make_references.py [NAME ...]
needs: torch transformers gguf numpy

Each file holds, for one toy:
  digest        sha256 of the toy's weights, so that a changed toy is noticed
  tokens        [n] prompt; logits [n, vocab] of the model in double, stored as f32
  torch_error   largest difference of torch's own f32 logits from those
  greedy        [m] the continuation under argmax, each step a whole pass (so LongRoPE recomputes when it crosses)
  stopped       [k] the continuation when the checkpoint's stop ids end it, the stop id left out
For LongRoPE also short_tokens, short_logits, short_error: a sequence that stays inside the original context.
GGUF toys are read by gguf-py, which dequantises them; the model is then transformers' Phi3 or Llama.
"""
import json
import os
import sys
import tempfile

import gguf
import numpy as np
import torch
from transformers import AutoModelForCausalLM

import safetensors_file
import toy_folder
import toy_gguf
import toy_weights
import toys
from toy_list import TOYS, toy

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "references")
# Greedy tokens are compared exactly, so the best two logits must never come closer than this.
MARGIN = 2e-3


def load(path, dtype=torch.float32):
    model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype, attn_implementation="eager")
    return model.eval()


def modern(t, folder):
    """transformers 5 no longer reads the old names of longrope; the numbers are the same."""
    if t["longrope"] and "type" in t["longrope"]:
        c = toy_folder.config(t)
        c["rope_scaling"]["type"] = "longrope"
        toy_folder.write_json(folder, "config.json", c)


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0].double().numpy()


def unpermute(x, heads):
    return x.reshape(heads, len(x) // heads // 2, 2, -1).swapaxes(1, 2).reshape(x.shape)


def folder_of_gguf(t, path, folder):
    """A Hugging Face folder with what gguf-py reads from a GGUF toy."""
    arch = t["form"].split("-")[1]
    read = {x.name: gguf.quants.dequantize(x.data, x.tensor_type) for x in gguf.GGUFReader(path).tensors}
    t = dict(t, form=arch, kinds={"*": "f32"}, spelling=4, shards=1)
    out = []
    for tensor in toy_weights.weights(t):
        for role, name, kind, shape, _ in toy_weights.split(t, tensor) if arch == "llama" else [tensor]:
            x = read[toy_gguf.gguf_name(name)]
            heads = {"q": t["heads"], "k": t["kv"]}.get(role)
            x = (unpermute(x, heads) if heads else x).astype(np.float32)
            assert x.shape == tuple(shape), (name, x.shape, shape)
            out.append((name, "f32", shape, x.tobytes()))
    toy_folder.write_json(folder, "config.json", toy_folder.config(t))
    safetensors_file.write_folder(folder, out)
    return folder


def greedy(model, prompt, count):
    """The continuation, and how close the best two logits came."""
    ids, margin = list(prompt), np.inf
    for _ in range(count):
        last = logits(model, ids)[-1]
        second, first = np.sort(last)[-2:]
        margin = min(margin, first - second)
        ids.append(int(last.argmax()))
    return ids[len(prompt):], margin


def stable_prompt(model, t, length, count):
    for seed in range(200):
        prompt = np.random.RandomState(1000 + seed).randint(2, t["vocab"], size=length).tolist()
        tokens, margin = greedy(model, prompt, count)
        if margin > MARGIN and len(set(tokens)) >= 16:
            return prompt, tokens, margin
    sys.exit(f"{t['name']}: no prompt keeps the best two logits {MARGIN} apart")


def both(path, ids):
    """Logits in double, and f32's distance from them."""
    exact = logits(load(path).double(), ids)
    return exact.astype(np.float32), np.abs(logits(load(path), ids) - exact).max()


def stop_ids(path):
    if path.endswith(".gguf"):
        return [1]
    stops = json.load(open(os.path.join(path, "generation_config.json")))["eos_token_id"]
    return [1] + (stops if isinstance(stops, list) else [stops])


def reference(name):
    t = toy(name)
    with tempfile.TemporaryDirectory() as work:
        path, digest = toys.make(name, os.path.join(work, "toy"))
        source = path
        if path.endswith(".gguf"):
            os.mkdir(os.path.join(work, "hf"))
            source = folder_of_gguf(t, path, os.path.join(work, "hf"))
        else:
            modern(t, path)
        # LongRoPE: the prompt stays below the boundary, so that generation crosses it.
        length, count = (10, 50) if t["longrope"] else (8, 64)
        prompt, tokens, margin = stable_prompt(load(source).double(), t, length, count)
        ids = (prompt + tokens)[:t["prompt"]] if not t["longrope"] else prompt + tokens[:30]
        exact, error = both(source, ids)
        stops = [i for i, x in enumerate(tokens) if x in stop_ids(path)]
        out = dict(digest=digest, tokens=ids, logits=exact, torch_error=error, prompt=prompt, greedy=tokens,
                   stopped=tokens[:stops[0]] if stops else tokens)
        if t["longrope"]:
            short, short_error = both(source, ids[:t["original"]])
            out.update(short_tokens=ids[:t["original"]], short_logits=short, short_error=short_error)
    np.savez_compressed(os.path.join(FOLDER, name + ".npz"), **out)
    print(f"{name:24} largest {np.abs(exact).max():.2f}  f32 error {error:.1e}  margin {margin:.1e}  "
          f"greedy {' '.join(map(str, tokens[:12]))} ...{'  stops at %d' % stops[0] if stops else ''}", flush=True)


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    for toy_name in sys.argv[1:] or TOYS:
        reference(toy_name)
