"""The damages of bad_input.py: to a Hugging Face folder (toy phi3-gqa) and to a GGUF file (toy gguf-phi3-f32)."""
import json
import os
import struct

from toy_folder import write_json


def edit_json(path, change):
    with open(path) as f:
        x = json.load(f)
    change(x)
    with open(path, "w") as f:
        json.dump(x, f)


def edit_bytes(path, change):
    with open(path, "rb") as f:
        data = bytearray(f.read())
    data = change(data)
    with open(path, "wb") as f:
        f.write(data)


def config(**values):
    """A damage to config.json; a value of None removes the key."""
    def change(c):
        c.update(values)
        for key in [k for k, v in values.items() if v is None]:
            del c[key]
    return lambda folder: edit_json(os.path.join(folder, "config.json"), change)


def write(name, data):
    return lambda folder: edit_bytes(os.path.join(folder, name), lambda _: data)


def remove(name):
    return lambda folder: os.remove(os.path.join(folder, name))


def weights(change):
    return lambda folder: edit_bytes(os.path.join(folder, "model.safetensors"), change)


def header(change):
    """A damage to the JSON header of model.safetensors."""
    def apply(data):
        size, = struct.unpack_from("<Q", data)
        x = json.loads(data[8:8 + size])
        change(x)
        text = json.dumps(x).encode()
        return struct.pack("<Q", len(text)) + text + data[8 + size:]
    return weights(apply)


def tensor(**values):
    return header(lambda h: h["model.norm.weight"].update(values))


def index(weight_map):
    """An index in place of the single file, which readers would take first."""
    def damage(folder):
        os.remove(os.path.join(folder, "model.safetensors"))
        write_json(folder, "model.safetensors.index.json", {"weight_map": weight_map})
    return damage


NORM = "model.norm.weight"
# what -> (damage to the folder of phi3-gqa, a word that the message must hold)
FOLDERS = {
    "no config": (remove("config.json"), "config.json"),
    "config is no JSON": (write("config.json", b"{"), "config.json"),
    "config is empty": (write("config.json", b""), "config.json"),
    "config is a list": (write("config.json", b"[]"), "config.json"),
    "config nests without end": (write("config.json", b"[" * 200000), "config.json"),
    "unknown architecture": (config(architectures=["GPT2LMHeadModel"], model_type="gpt2"), ""),
    "no hidden size": (config(hidden_size=None), "hidden_size"),
    "negative hidden size": (config(hidden_size=-64), "hidden_size"),
    "absurd hidden size": (config(hidden_size=1 << 60), ""),
    "hidden size is a string": (config(hidden_size="64"), "hidden_size"),
    "hidden size is a fraction": (config(hidden_size=64.5), "hidden_size"),
    "no heads": (config(num_attention_heads=0), "num_attention_heads"),
    "kv heads do not divide": (config(num_key_value_heads=3), ""),
    "absurd layers": (config(num_hidden_layers=1 << 40), ""),
    "one layer more than the weights": (config(num_hidden_layers=3), ""),
    "other vocabulary": (config(vocab_size=98), ""),
    "other activation": (config(hidden_act="gelu"), "hidden_act"),
    "attention bias": (config(attention_bias=True), ""),
    "window of 0": (config(sliding_window=0), "sliding_window"),
    "unknown rope scaling": (config(rope_scaling={"type": "strange"}), ""),
    "longrope without factors": (config(rope_scaling={"type": "longrope"}), ""),
    "longrope with too few factors": (config(rope_scaling={"type": "longrope", "short_factor": [1.0] * 3,
                                                           "long_factor": [1.0] * 3}), ""),
    "rotary factor of 2": (config(partial_rotary_factor=2.0), "partial_rotary_factor"),
    "rope theta of 0": (config(rope_theta=0), "rope_theta"),
    "stop id beyond the vocabulary": (config(eos_token_id=1 << 40), ""),
    "no weights": (remove("model.safetensors"), ""),
    "weights are empty": (weights(lambda d: b""), "model.safetensors"),
    "weights end early": (weights(lambda d: d[:-100]), "model.safetensors"),
    "weights have a tail": (weights(lambda d: d + b"\0" * 100), "model.safetensors"),
    "header longer than the file": (weights(lambda d: struct.pack("<Q", 1 << 62) + d[8:]), "model.safetensors"),
    "header of length 0": (weights(lambda d: struct.pack("<Q", 0) + d[8:]), "model.safetensors"),
    "header is no JSON": (weights(lambda d: d[:8] + b"?" + d[9:]), "model.safetensors"),
    "header nests without end": (weights(lambda d: struct.pack("<Q", 100000) + b"[" * 100000), "model.safetensors"),
    "tensor under another name": (header(lambda h: h.update(other=h.pop(NORM))), NORM),
    "hole where a tensor was": (header(lambda h: h.pop(NORM)), "lm_head.weight"),
    "tensor of unknown type": (tensor(dtype="F8_E4M3"), NORM),
    "tensor of another shape": (tensor(shape=[32]), NORM),
    "tensor of negative extent": (tensor(shape=[-64]), NORM),
    "tensor of overflowing shape": (tensor(shape=[1 << 32, 1 << 32, 64]), NORM),
    "tensor ends before it starts": (tensor(data_offsets=[256, 0]), NORM),
    "tensor beyond the file": (tensor(data_offsets=[1 << 50, (1 << 50) + 256]), NORM),
    "tensors overlap": (tensor(data_offsets=[0, 256]), ""),
    "index names a file outside": (index({NORM: "../../etc/passwd"}), "weight_map." + NORM),
    "index names no file": (index({NORM: "model-00002-of-00002.safetensors"}), "model-00002-of-00002.safetensors"),
}


def gguf(change):
    return lambda path: edit_bytes(path, change)


def put(data, at, code, value):
    struct.pack_into("<" + code, data, at, value)
    return data


def replace(old, new):
    def change(data):
        assert data.count(old), old
        return data.replace(old, new, 1)
    return change


# what -> damage to the file of gguf-phi3-f32. Offsets: 4 version, 8 tensors, 16 keys, 24 the first key's length.
GGUFS = {
    "empty file": gguf(lambda d: b""),
    "only the magic": gguf(lambda d: d[:4]),
    "other magic": gguf(lambda d: b"GGUX" + d[4:]),
    "version 1": gguf(lambda d: put(d, 4, "I", 1)),
    "big-endian": gguf(lambda d: put(d, 4, "I", 3 << 24)),
    "absurd tensors": gguf(lambda d: put(d, 8, "Q", 1 << 60)),
    "absurd keys": gguf(lambda d: put(d, 16, "Q", 1 << 60)),
    "absurd key length": gguf(lambda d: put(d, 24, "Q", 1 << 63)),
    "unknown type of a key": gguf(lambda d: put(d, 32 + len("general.architecture"), "I", 77)),
    "ends in the keys": gguf(lambda d: d[:200]),
    "ends in the tensors": gguf(lambda d: d[:1500]),
    "ends in the data": gguf(lambda d: d[:-64]),
    "unknown architecture": gguf(replace(b"\4\0\0\0\0\0\0\0phi3", b"\4\0\0\0\0\0\0\0bert")),
    "tensor missing": gguf(replace(b"output_norm.weight", b"output_nurm.weight")),
    "key missing": gguf(replace(b"phi3.block_count", b"phi3.block_caunt")),
    "tensor twice": gguf(replace(b"blk.1.attn_qkv.weight", b"blk.0.attn_qkv.weight")),
}
