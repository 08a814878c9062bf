#!/usr/bin/env python3
"""Writes a toy checkpoint: a Hugging Face folder or a GGUF file, from a seed, with numpy alone.

usage: toys.py NAME OUT_FOLDER | toys.py --list
"""
import hashlib
import os
import sys

import toy_folder
import toy_gguf
from toy_list import TOYS, toy
from toy_weights import weights


def make(name, folder):
    """Writes the toy into `folder`; returns (path to compile, hash of the weights)."""
    os.makedirs(folder, exist_ok=True)
    t = toy(name)
    tensors = weights(t)
    digest = hashlib.sha256(b"".join(r.tobytes() for *_, r in tensors)).hexdigest()
    write = toy_gguf.write if t["form"].startswith("gguf") else toy_folder.write
    return write(t, tensors, folder), digest


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(TOYS))
    elif len(sys.argv) == 3:
        print(make(sys.argv[1], sys.argv[2])[0])
    else:
        sys.exit(__doc__)
