#!/usr/bin/env python3
"""A compile that is interrupted, or whose checkpoint shrinks under it, says so in one line, exits with 1 and leaves nothing.

usage: signals.py PHIDIAS
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

HIDDEN, LAYERS, FFN, VOCAB = 2048, 8, 8192, 64
CONFIG = dict(architectures=["Phi3ForCausalLM"], model_type="phi3", hidden_size=HIDDEN, intermediate_size=FFN,
              num_hidden_layers=LAYERS, num_attention_heads=16, num_key_value_heads=16, vocab_size=VOCAB, hidden_act="silu",
              rms_norm_eps=1e-5, max_position_embeddings=64, original_max_position_embeddings=64, rope_theta=1e4,
              bos_token_id=0, eos_token_id=1, pad_token_id=0, tie_word_embeddings=True)


def shapes():
    yield "model.embed_tokens.weight", [VOCAB, HIDDEN]
    for i in range(LAYERS):
        layer = f"model.layers.{i}."
        yield layer + "input_layernorm.weight", [HIDDEN]
        yield layer + "self_attn.qkv_proj.weight", [3 * HIDDEN, HIDDEN]
        yield layer + "self_attn.o_proj.weight", [HIDDEN, HIDDEN]
        yield layer + "post_attention_layernorm.weight", [HIDDEN]
        yield layer + "mlp.gate_up_proj.weight", [2 * FFN, HIDDEN]
        yield layer + "mlp.down_proj.weight", [HIDDEN, FFN]
    yield "model.norm.weight", [HIDDEN]


def write_sparse(folder):
    """1.1 GB of zeros that take no disk: long enough to be in the middle of."""
    header, end = {}, 0
    for name, shape in shapes():
        begin, end = end, end + 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = dict(dtype="BF16", shape=shape, data_offsets=[begin, end])
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        f.truncate(8 + len(text) + end)
    with open(os.path.join(folder, "config.json"), "w") as f:
        json.dump(CONFIG, f)


def check(phidias, folder, disturb, word):
    """Faults of a compile that is disturbed once it has begun to write."""
    out = os.path.join(folder, "out")
    os.mkdir(out)
    command = [phidias, "compile", folder, "--quantize=f32", "-o", os.path.join(out, "program")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        while not os.listdir(out) and run.poll() is None:
            time.sleep(0.01)
        disturb(run)
        lines = [line for line in run.stderr.read().splitlines() if "warning" not in line]
    left = os.listdir(out)
    if run.returncode != 1 or len(lines) != 1 or word not in lines[0] or left:
        yield f"{word}: exit code {run.returncode}, {lines}, left behind {left}"


def main():
    phidias, faults = sys.argv[1], []
    cases = {"interrupted": lambda folder, run: run.send_signal(signal.SIGINT),
             "shorter": lambda folder, run: os.truncate(os.path.join(folder, "model.safetensors"), 1 << 20)}
    for word, disturb in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            write_sparse(folder)
            faults += check(phidias, folder, lambda run: disturb(folder, run), word)
    print("\n".join(faults) or f"{len(cases)} cases")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
