#!/usr/bin/env python3
"""Holds `tokenize` of a program with a real vocabulary against ids that the `tokenizers` library gave.

usage: run_vocabulary.py PHIDIAS FOLDER cl100k|o200k [FLAG ...]
The model is a toy whose embedding has as many rows as the vocabulary asks for. FOLDER is where
scripts/fetch-vocabularies puts the lists of ranks; without it the test is skipped.
"""
import json
import os
import sys
import tempfile

import toy_folder
import vocabulary
from program import compile_model, expect_ids, main, skip
from toy_list import BASE
from toy_weights import weights

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULT_FLAGS = ["--quantize=f32", "--pipeline=reference"]


def make(name, list_path, folder):
    """A Phi-3 folder of one small layer and the vocabulary."""
    _, _, rows, end = vocabulary.VOCABULARIES[name]
    t = dict(BASE, name=name, hidden=8, ffn=8, heads=1, kv=1, layers=1, vocab=rows, tied=True, head_dim=8,
             head_dim_is_given=False, rotary=8, seed=1, stops=end, kinds={"*": "bf16"})
    vocabulary.write(name, list_path, folder)
    return toy_folder.write(t, weights(t), folder)


def check(phidias, lists, name, flags):
    list_path = os.path.join(lists, name + ".tiktoken")
    if not os.path.exists(list_path):
        skip(f"{list_path} is not there; scripts/fetch-vocabularies gets it")
    with open(os.path.join(HERE, "references", name + "_tokens.json")) as f:
        rows = json.load(f)
    with tempfile.TemporaryDirectory() as work:
        model = make(name, list_path, os.path.join(work, name))
        expect_ids(compile_model(phidias, model, os.path.join(work, "program"), *flags), rows)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[3] not in vocabulary.VOCABULARIES:
        sys.exit(__doc__)
    main(check, sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:] or DEFAULT_FLAGS)
