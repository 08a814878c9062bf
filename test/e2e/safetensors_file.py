"""Writes safetensors files: u64 length of the header | JSON header, padded with spaces to 8 | data."""
import json
import os


def write(path, tensors):
    """`tensors`: list of (name, kind, shape, bytes)."""
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, kind, shape, data in tensors:
        header[name] = {"dtype": kind.upper(), "shape": list(shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        for _, _, _, data in tensors:
            f.write(data)


def write_folder(folder, tensors, shards=1):
    """One file, or several with an index, tensors dealt out in order."""
    if shards == 1:
        write(os.path.join(folder, "model.safetensors"), tensors)
        return
    each, weight_map = -(-len(tensors) // shards), {}
    for i in range(shards):
        part = tensors[i * each:(i + 1) * each]
        name = f"model-{i + 1:05d}-of-{shards:05d}.safetensors"
        write(os.path.join(folder, name), part)
        weight_map.update({t[0]: name for t in part})
    total = sum(len(t[3]) for t in tensors)
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": {"total_size": total}, "weight_map": weight_map}, f)
