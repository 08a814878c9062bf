"""A toy as a Hugging Face folder, in both spellings of its configuration."""
import json
import os

import safetensors_file
from toy_weights import split


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
        c.update(sliding_window=t["window"])
        if not t["original_inside_alone"]:
            c.update(original_max_position_embeddings=t["original"] or t["max"])
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


def write(t, tensors, folder):
    write_json(folder, "config.json", config(t))
    write_json(folder, "generation_config.json", dict(bos_token_id=0, eos_token_id=t["stops"] or 1, pad_token_id=0))
    if t["form"] == "llama":
        tensors = [part for tensor in tensors for part in split(t, tensor)]
    safetensors_file.write_folder(folder, [(n, k, s, r.tobytes()) for _, n, k, s, r in tensors], t["shards"])
    return folder
