#!/usr/bin/env python3
"""Makes Hugging Face folders of SmolLM2-135M-Instruct from its GGUF file, with numpy alone.

usage: smollm2.py GGUF OUT_FOLDER phi3|llama
phi3: Phi3ForCausalLM with fused projections; llama: LlamaForCausalLM with separate ones. All weights in f32, so that
both hold exactly what the GGUF's blocks stand for.
"""
import json
import os
import sys

import numpy as np

import gguf_file
import safetensors_file


def unpermuted(x, heads):
    """Rows of Q or K as the llama arch stores them, (i, i + d/2) side by side, back in rotate-half order."""
    return x.reshape(heads, len(x) // heads // 2, 2, -1).swapaxes(1, 2).reshape(x.shape)


def layer(reader, i, form):
    heads = reader.metadata["llama.attention.head_count"]
    kv = reader.metadata["llama.attention.head_count_kv"]
    get = lambda name: reader.array(f"blk.{i}.{name}.weight")
    q, k, v = unpermuted(get("attn_q"), heads), unpermuted(get("attn_k"), kv), get("attn_v")
    gate, up = get("ffn_gate"), get("ffn_up")
    parts = {"input_layernorm": get("attn_norm"), "self_attn.o_proj": get("attn_output"),
             "post_attention_layernorm": get("ffn_norm"), "mlp.down_proj": get("ffn_down")}
    if form == "phi3":
        parts.update({"self_attn.qkv_proj": np.concatenate([q, k, v]), "mlp.gate_up_proj": np.concatenate([gate, up])})
    else:
        parts.update({"self_attn.q_proj": q, "self_attn.k_proj": k, "self_attn.v_proj": v, "mlp.gate_proj": gate,
                      "mlp.up_proj": up})
    return {f"model.layers.{i}.{name}.weight": x for name, x in parts.items()}


def weights(reader, form):
    out = {"model.embed_tokens.weight": reader.array("token_embd.weight")}
    for i in range(reader.metadata["llama.block_count"]):
        out.update(layer(reader, i, form))
    out["model.norm.weight"] = reader.array("output_norm.weight")
    return out


def special_ids(m):
    return dict(bos_token_id=m["tokenizer.ggml.bos_token_id"], eos_token_id=m["tokenizer.ggml.eos_token_id"],
                pad_token_id=m["tokenizer.ggml.padding_token_id"])


def config(m, form):
    phi3 = form == "phi3"
    c = dict(architectures=["Phi3ForCausalLM" if phi3 else "LlamaForCausalLM"], model_type=form, hidden_act="silu",
             attention_bias=False, hidden_size=m["llama.embedding_length"],
             intermediate_size=m["llama.feed_forward_length"], num_hidden_layers=m["llama.block_count"],
             num_attention_heads=m["llama.attention.head_count"],
             num_key_value_heads=m["llama.attention.head_count_kv"], vocab_size=len(m["tokenizer.ggml.tokens"]),
             max_position_embeddings=m["llama.context_length"],
             rms_norm_eps=round(m["llama.attention.layer_norm_rms_epsilon"], 9), rope_theta=m["llama.rope.freq_base"],
             rope_scaling=None, tie_word_embeddings=True, torch_dtype="float32", use_cache=True, **special_ids(m))
    if phi3:
        c.update(original_max_position_embeddings=m["llama.context_length"], sliding_window=None)
    return c


def tokenizer(m):
    tokens, kinds = m["tokenizer.ggml.tokens"], m["tokenizer.ggml.token_type"]
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    digits = dict(type="Digits", individual_digits=True)
    return dict(version="1.0", truncation=None, padding=None,
                added_tokens=[dict(id=i, content=tokens[i], **flags) for i, kind in enumerate(kinds) if kind == 3],
                normalizer=None, pre_tokenizer=dict(type="Sequence", pretokenizers=[digits, byte_level]),
                post_processor=None, decoder=byte_level,
                model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None,
                           end_of_word_suffix=None, fuse_unk=False, byte_fallback=False, ignore_merges=False,
                           vocab={t: i for i, t in enumerate(tokens)}, merges=m["tokenizer.ggml.merges"]))


def tokenizer_config(m):
    name = lambda key: m["tokenizer.ggml.tokens"][special_ids(m)[key]]
    return dict(tokenizer_class="PreTrainedTokenizerFast", add_prefix_space=False, bos_token=name("bos_token_id"),
                eos_token=name("eos_token_id"), pad_token=name("pad_token_id"), clean_up_tokenization_spaces=False,
                model_max_length=m["llama.context_length"], chat_template=m["tokenizer.chat_template"])


def make(gguf, folder, form):
    """Writes the folder; returns its path."""
    os.makedirs(folder, exist_ok=True)
    reader = gguf_file.Reader(gguf)
    m = reader.metadata
    files = {"config.json": config(m, form), "generation_config.json": special_ids(m), "tokenizer.json": tokenizer(m),
             "tokenizer_config.json": tokenizer_config(m)}
    for name, content in files.items():
        with open(os.path.join(folder, name), "w") as f:
            json.dump(content, f, indent=1, ensure_ascii=False)
    tensors = [(n, "f32", x.shape, x.astype("<f4").tobytes()) for n, x in weights(reader, form).items()]
    safetensors_file.write_folder(folder, tensors)
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in ("phi3", "llama"):
        sys.exit(__doc__)
    make(*sys.argv[1:])
