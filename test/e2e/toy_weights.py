"""The seeded weights of a toy, and its fused projections taken apart."""
import math

import numpy as np

import quants


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
    if not t["tied"] or t["head_anyway"]:
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
