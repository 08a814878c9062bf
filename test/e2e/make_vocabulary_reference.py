#!/usr/bin/env python3
"""Makes references/{cl100k,o200k}_tokens.json: what the `tokenizers` library says of 200 random and natural strings.

usage: make_vocabulary_reference.py FOLDER      (where scripts/fetch-vocabularies put the lists)
needs: pip install tokenizers tiktoken
The strings are drawn as scripts/tokenizer_compare.py draws its thousands. tiktoken, which needs no merges, must agree,
so that what vocabulary.py derives from the ranks is held as well.
"""
import json
import os
import random
import sys
import tempfile

import tiktoken
from tokenizers import Tokenizer

import vocabulary

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "scripts"))
from tokenizer_compare import sample  # noqa: E402


def library(name, path):
    with tempfile.TemporaryDirectory() as folder:
        vocabulary.write(name, path, folder)
        return Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))


def original(name, path):
    pattern, specials, _, _ = vocabulary.VOCABULARIES[name]
    return tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=vocabulary.read_ranks(path),
                             special_tokens={text: i for i, text in specials().items()})


def rows(name, path, count):
    tokenizer, tikt = library(name, path), original(name, path)
    specials = sorted(vocabulary.VOCABULARIES[name][1]().values())
    rng = random.Random(name)
    for _ in range(count):
        text = sample(rng, specials)
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        if ids != tikt.encode(text, allowed_special="all"):
            sys.exit(f"{name}: tokenizers and tiktoken disagree on {text!r}")
        yield [text, ids]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for list_name in vocabulary.VOCABULARIES:
        lines = [json.dumps(row, separators=(",", ":"), ensure_ascii=True)
                 for row in rows(list_name, os.path.join(sys.argv[1], list_name + ".tiktoken"), 200)]
        with open(os.path.join(HERE, "references", list_name + "_tokens.json"), "w") as f:
            f.write("[" + ",\n".join(lines) + "]\n")
