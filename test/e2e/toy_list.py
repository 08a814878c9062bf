"""The toy models: each is small, seeded, and there for what its line says.

A toy is a dict: `form` is phi3, llama (Hugging Face folders), gguf-phi3 or gguf-llama; `kinds` maps a role of a
weight (embed, norm, qkv, o, gate_up, down, head; "*" for the rest) to its element type.
"""
BASE = dict(form="phi3", hidden=64, ffn=96, heads=4, kv=2, layers=2, vocab=97, window=None, tied=False, partial=1.0,
            head_dim=None, theta=10000.0, longrope=None, original=None, max=256, spelling=4, shards=1,
            kinds={"*": "f32"}, eps=1e-5, stops=None, prompt=32, head_anyway=False,
            original_inside_alone=False)


def longrope(pairs):
    """Factors as Phi's files have them: short ones near 1, long ones that grow."""
    return dict(short_factor=[1.0 + 0.05 * i for i in range(pairs)], long_factor=[1.0 + 0.9 * i for i in range(pairs)])


TOYS = {
    # Phi3ForCausalLM folders. spelling 4: rope_theta, rope_scaling, torch_dtype; 5: rope_parameters, dtype.
    "phi3-gqa": dict(stops=[1, 45]),
    "phi3-odd-mqa": dict(hidden=60, ffn=88, heads=3, kv=1, spelling=5, kinds={"*": "bf16"}),
    "phi3-mha-tied-f16": dict(kv=4, tied=True, kinds={"*": "f16"}),
    "phi3-head-dim": dict(hidden=48, ffn=80, heads=4, head_dim=20, shards=3, theta=250000.0),
    "phi3-partial-rotary": dict(partial=0.75, tied=True, kinds={"*": "bf16"}),
    "phi3-partial-rotary-5": dict(partial=0.5, spelling=5, theta=500000.0, eps=1e-6),
    "phi3-longrope": dict(partial=0.75, longrope=longrope(6), original=16, max=64, window=262144, tied=True,
                          kinds={"*": "bf16"}),
    "phi3-longrope-su": dict(longrope=dict(longrope(8), type="su"), original=16, max=64),
    "phi3-longrope-5": dict(longrope=longrope(8), original=16, max=64, spelling=5, window=11),
    "phi3-window": dict(window=7, prompt=40),
    "phi3-mixed-types": dict(shards=2, kinds={"*": "bf16", "norm": "f32", "down": "f32", "qkv": "f16"}),
    "phi3-one-layer": dict(layers=1, hidden=32, ffn=33, heads=1, kv=1, vocab=131),
    # LlamaForCausalLM folders: separate projections.
    "llama-gqa": dict(form="llama"),
    "llama-tied-bf16-5": dict(form="llama", tied=True, spelling=5, kinds={"*": "bf16"}, theta=100000.0),
    "llama-odd-head-dim": dict(form="llama", hidden=60, ffn=88, heads=3, kv=1, head_dim=24, shards=2,
                               kinds={"*": "bf16", "norm": "f32"}),
    # GGUF, arch phi3: fused qkv and gate-up, rows in order.
    "gguf-phi3-f32": dict(form="gguf-phi3"),
    "gguf-phi3-window-f16": dict(form="gguf-phi3", window=9, kinds={"*": "f16", "norm": "f32"}),
    "gguf-phi3-longrope": dict(form="gguf-phi3", partial=0.75, longrope=longrope(6), original=16, max=64,
                               kinds={"*": "bf16", "norm": "f32"}),
    "gguf-phi3-q8_0": dict(form="gguf-phi3", kinds={"*": "q8_0", "norm": "f32"}),
    "gguf-phi3-q4_0": dict(form="gguf-phi3", tied=True, kinds={"*": "q4_0", "norm": "f32"}),
    # GGUF, arch llama: separate projections, rows of Q and K permuted for interleaved RoPE.
    "gguf-llama-f32": dict(form="gguf-llama", heads=4, kv=1, tied=True),
    "gguf-llama-q4_1": dict(form="gguf-llama", tied=True, kinds={"*": "q4_1", "norm": "f32", "embed": "q8_0"}),
    "gguf-llama-q6_k": dict(form="gguf-llama", hidden=256, ffn=256, heads=4, kv=2, layers=1,
                            kinds={"*": "q4_1", "norm": "f32", "embed": "q6_k", "head": "q6_k", "down": "q6_k",
                                   "o": "q4_0", "qkv": "q8_0"}),
    # Configurations that contradict themselves. Their places in this list are their seeds: new toys come last.
    # tie_word_embeddings, and a head that differs from the embedding: transformers 5 takes the head.
    "phi3-tied-with-head": dict(tied=True, head_anyway=True),
    # original_max_position_embeddings inside rope_parameters alone: transformers 5 takes 4096, Phi3Config's default.
    "phi3-longrope-inside": dict(longrope=longrope(8), original=16, max=64, spelling=5, original_inside_alone=True),
}


def toy(name):
    t = {**BASE, **TOYS[name], "name": name}
    t["head_dim_is_given"] = t["head_dim"] is not None
    t["head_dim"] = t["head_dim"] or t["hidden"] // t["heads"]
    t["rotary"] = int(t["head_dim"] * t["partial"])
    t["seed"] = 1 + list(TOYS).index(name)
    return t
