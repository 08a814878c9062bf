#!/usr/bin/env python3
"""Writes a toy checkpoint: a Hugging Face folder or a GGUF file, from a seed, with numpy alone.

usage: toys.py NAME OUT_FOLDER | toys.py --list
"""
import hashlib
import json
import math
import os
import sys

import numpy as np

import gguf_file
import quants
import safetensors_file
from toy_list import TOYS, toy


def shapes(t):
    """Role and shape of every weight, fused, in Hugging Face's names."""
    q, kv, h = t["heads"] * t["head_dim"], t["kv"] * t["head_dim"], t["hidden"]
    yield "embed", "model.embed_tokens.weight", (t["vocab"], h)
    for i in range(t["layers"]):
        p = f"model.layers.{i}."
        yield "norm", p + "input_layernorm.weight", (h,)
        yield "qkv", p + "self_attn.qkv_proj.weight", (q + 2 * kv, h)
        yield "o", p + "self_attn.o_proj.weight", (h, q)
        yield "norm", p + "post_attention_layernorm.weight", (h,)
        yield "gate_up", p + "mlp.gate_up_proj.weight", (2 * t["ffn"], h)
        yield "down", p + "mlp.down_proj.weight", (h, t["ffn"])
    yield "norm", "model.norm.weight", (h,)
    if not t["tied"]:
        yield "head", "lm_head.weight", (t["vocab"], h)


# Attention and MLP speak louder than the residual: else a toy repeats one token for ever.
GAINS = {"qkv": 1.5, "o": 3.0, "gate_up": 1.5, "down": 3.0}


def bell(rng, shape):
    """Near normal, of uniform numbers and additions only: the same bits everywhere."""
    return (rng.random_sample((4,) + shape).sum(0) - 2) * math.sqrt(3)


def weights(t):
    """List of (role, name, kind, shape, rows as bytes [rows, bytes of a row])."""
    rng = np.random.RandomState(t["seed"])  # its streams are frozen, other than default_rng's
    out = []
    for role, name, shape in shapes(t):
        kind = t["kinds"].get(role, t["kinds"]["*"])
        std = 1.0 if role == "embed" and not t["tied"] else GAINS.get(role, 1.2) / math.sqrt(shape[-1])
        if kind in ("f32", "f16", "bf16"):
            x = 1 + 0.1 * bell(rng, shape) if role == "norm" else std * bell(rng, shape)
            rows = np.frombuffer(quants.encode(x, kind), np.uint8).reshape(shape[0], -1)
        else:
            rows = quants.random_blocks(rng, kind, *shape, std)
        out.append((role, name, kind, shape, rows))
    return out


def split(t, tensor):
    """Fused projections taken apart, as the Llama form has them."""
    role, name, kind, shape, rows = tensor
    q, kv, f = t["heads"] * t["head_dim"], t["kv"] * t["head_dim"], t["ffn"]
    parts = {"qkv": (("q", q), ("k", kv), ("v", kv)), "gate_up": (("gate", f), ("up", f))}.get(role)
    if not parts:
        yield tensor
        return
    at = 0
    for part, n in parts:
        new = name.replace({"qkv": "qkv_proj", "gate_up": "gate_up_proj"}[role], part + "_proj")
        yield part, new, kind, (n, shape[1]), rows[at:at + n]
        at += n


def config(t):
    phi3, new = t["form"] == "phi3", t["spelling"] == 5
    kind = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}[t["kinds"]["*"]]
    c = dict(architectures=["Phi3ForCausalLM" if phi3 else "LlamaForCausalLM"], model_type="phi3" if phi3 else "llama",
             hidden_act="silu", hidden_size=t["hidden"], intermediate_size=t["ffn"], num_hidden_layers=t["layers"],
             num_attention_heads=t["heads"], num_key_value_heads=t["kv"], vocab_size=t["vocab"],
             max_position_embeddings=t["max"], rms_norm_eps=t["eps"], tie_word_embeddings=t["tied"],
             attention_bias=False, bos_token_id=0, eos_token_id=1, pad_token_id=0, use_cache=True)
    c["dtype" if new else "torch_dtype"] = kind
    if t["head_dim_is_given"]:
        c["head_dim"] = t["head_dim"]
    if phi3:
        c.update(sliding_window=t["window"], original_max_position_embeddings=t["original"] or t["max"])
    else:
        c.update(mlp_bias=False)
    scaling = t["longrope"] and {"type": "longrope", **t["longrope"]}
    if not new:
        c.update(rope_theta=t["theta"], rope_scaling=scaling)
        if phi3:
            c["partial_rotary_factor"] = t["partial"]
        return c
    rope = dict(rope_theta=t["theta"], rope_type="longrope" if scaling else "default")
    if phi3:
        rope["partial_rotary_factor"] = t["partial"]
    if scaling:
        rope.update(t["longrope"], original_max_position_embeddings=t["original"])
    return dict(c, rope_parameters=rope)


def write_json(folder, name, x):
    with open(os.path.join(folder, name), "w") as f:
        json.dump(x, f, indent=2)


def write_folder(t, tensors, folder):
    write_json(folder, "config.json", config(t))
    write_json(folder, "generation_config.json", dict(bos_token_id=0, eos_token_id=t["stops"] or 1, pad_token_id=0))
    if t["form"] == "llama":
        tensors = [part for tensor in tensors for part in split(t, tensor)]
    safetensors_file.write_folder(folder, [(n, k, s, r.tobytes()) for _, n, k, s, r in tensors], t["shards"])
    return folder


GGUF_NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
              "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.qkv_proj": "attn_qkv",
              "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
              "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
              "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def gguf_name(name):
    stem = name[:-len(".weight")]
    if not stem.startswith("model.layers."):
        return GGUF_NAMES[stem] + ".weight"
    _, _, layer, rest = stem.split(".", 3)
    return f"blk.{layer}.{GGUF_NAMES[rest]}.weight"


def permuted(rows, heads):
    """Rows of Q or K as the llama arch stores them: channel pairs (i, i + d/2) side by side."""
    return rows.reshape(heads, 2, len(rows) // heads // 2, -1).swapaxes(1, 2).reshape(rows.shape)


def attention_factor(t):
    return math.sqrt(1 + math.log(t["max"] / t["original"]) / math.log(t["original"]))


def gguf_metadata(t, arch):
    m = {"general.architecture": arch, "general.name": t["name"], "context_length": t["max"],
         "embedding_length": t["hidden"], "feed_forward_length": t["ffn"], "block_count": t["layers"],
         "attention.head_count": t["heads"], "attention.head_count_kv": t["kv"],
         "attention.layer_norm_rms_epsilon": t["eps"], "rope.dimension_count": t["rotary"],
         "rope.freq_base": t["theta"], "vocab_size": t["vocab"]}
    if t["head_dim_is_given"]:
        m.update({"attention.key_length": t["head_dim"], "attention.value_length": t["head_dim"]})
    if arch == "phi3":
        m["attention.sliding_window"] = t["window"] or 0
    if t["longrope"]:
        m.update({"rope.scaling.original_context_length": t["original"],
                  "rope.scaling.attn_factor": attention_factor(t)})
    m = {k if k.startswith("general.") else f"{arch}.{k}": v for k, v in m.items()}
    return {**m, "tokenizer.ggml.bos_token_id": 0, "tokenizer.ggml.eos_token_id": 1}


def write_gguf(t, tensors, folder):
    arch = t["form"].split("-")[1]
    if arch == "llama":
        tensors = [part for tensor in tensors for part in split(t, tensor)]
    out = []
    for role, name, kind, shape, rows in tensors:
        heads = {"q": t["heads"], "k": t["kv"]}.get(role)
        out.append((gguf_name(name), kind, shape, (permuted(rows, heads) if heads else rows).tobytes()))
    for which in ("long", "short") if t["longrope"] else ():
        factors = np.array(t["longrope"][which + "_factor"], "<f4")
        out.append((f"rope_factors_{which}.weight", "f32", factors.shape, factors.tobytes()))
    path = os.path.join(folder, "model.gguf")
    gguf_file.write(path, gguf_metadata(t, arch), out)
    return path


def make(name, folder):
    """Writes the toy into `folder`; returns (path to compile, hash of the weights)."""
    os.makedirs(folder, exist_ok=True)
    t = toy(name)
    tensors = weights(t)
    digest = hashlib.sha256(b"".join(r.tobytes() for *_, r in tensors)).hexdigest()
    write = write_gguf if t["form"].startswith("gguf") else write_folder
    return write(t, tensors, folder), digest


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(TOYS))
    elif len(sys.argv) == 3:
        print(make(sys.argv[1], sys.argv[2])[0])
    else:
        sys.exit(__doc__)
