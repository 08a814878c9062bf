"""A toy as a GGUF file, arch phi3 or llama."""
import math
import os

import numpy as np

import gguf_file
from toy_weights import split

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


def write(t, tensors, folder):
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
