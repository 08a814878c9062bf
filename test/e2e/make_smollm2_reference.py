#!/usr/bin/env python3
"""Makes references/smollm2.npz: what transformers says of SmolLM2-135M-Instruct. Run by hand; the tests need no torch.

usage: make_smollm2_reference.py GGUF
needs: torch transformers tokenizers gguf numpy

  columns       [c] sampled vocabulary ids
  tokens        [64]; sampled [64, c] logits of those columns, top [64] the largest logit, best [64] its id: in double
  torch_error   largest difference of torch's own f32 logits from those
  prompts, greedy   two prompts (raw ids, -1 behind the shorter one's end) and their 64 tokens under argmax
  window, counted, nll  smollm2.txt in windows: scored tokens and their mean loss, of each window
The dequantised weights are compared with gguf-py's first.
"""
import os
import sys
import tempfile

import gguf
import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

import gguf_file
import smollm2

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "references")
PROMPTS = ["The capital of France is", "Once upon a time, in a small village by the sea, there lived"]
WINDOW = 512


def check_dequantisation(path):
    ours = gguf_file.Reader(path)
    for x in gguf.GGUFReader(path).tensors:
        expected = gguf.quants.dequantize(x.data, x.tensor_type)
        assert np.array_equal(ours.array(x.name), expected), x.name


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0].double().numpy()


def greedy(model, prompt, count=64):
    ids, margin = list(prompt), np.inf
    for _ in range(count):
        last = logits(model, ids)[-1]
        margin = min(margin, np.diff(np.sort(last)[-2:])[0])
        ids.append(int(last.argmax()))
    print(f"margin {margin:.1e}: {ids[len(prompt):]}")
    assert margin > 5e-3
    return ids[len(prompt):]


def losses(model, ids):
    """Scored tokens and mean loss of each window."""
    for a in range(0, len(ids) - 1, WINDOW):
        window = ids[a:a + WINDOW]
        logp = torch.log_softmax(torch.from_numpy(logits(model, window)[:-1]), -1)
        yield len(window) - 1, -logp.gather(1, torch.tensor(window[1:])[:, None]).mean().item()


def main(path):
    check_dequantisation(path)
    with tempfile.TemporaryDirectory() as work:
        folder = smollm2.make(path, work, "phi3")
        tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        llama = AutoModelForCausalLM.from_pretrained(smollm2.make(path, work + "/llama", "llama"), dtype=torch.float32,
                                                     attn_implementation="eager").eval()
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    with open(os.path.join(FOLDER, "smollm2.txt")) as f:
        text = encode(f.read())
    tokens = text[200:264]
    single, other = logits(model, tokens), logits(llama, tokens)
    print("the two forms differ by", np.abs(single - other).max())
    scores = np.array(list(losses(model, text)))
    model = model.double()
    exact = logits(model, tokens)
    columns = np.sort(np.random.RandomState(7).choice(exact.shape[1], 384, replace=False))
    prompts = [encode(p) for p in PROMPTS]
    width = max(map(len, prompts))
    error = np.abs(single - exact).max()
    print("largest logit", np.abs(exact).max(), "torch's f32 error", error, "tokens", len(text), "losses", scores)
    np.savez_compressed(
        os.path.join(FOLDER, "smollm2.npz"), columns=columns, tokens=tokens, sampled=exact[:, columns].astype(np.float32),
        top=exact.max(1), best=exact.argmax(1), torch_error=error,
        prompts=np.array([p + [-1] * (width - len(p)) for p in prompts]), greedy=np.array([greedy(model, p) for p in prompts]),
        window=WINDOW, counted=scores[:, 0].astype(np.int64), nll=scores[:, 1])


if __name__ == "__main__":
    main(sys.argv[1])
