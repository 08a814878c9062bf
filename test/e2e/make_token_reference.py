#!/usr/bin/env python3
"""Makes references/smollm2_tokens.json: what the `tokenizers` library says of 300 random and natural strings.

usage: make_token_reference.py TOKENIZER_JSON      (of SmolLM2; needs pip install tokenizers)
The strings are drawn as scripts/tokenizer_compare.py draws its thousands.
"""
import json
import os
import random
import sys

from tokenizers import Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "scripts"))
from tokenizer_compare import sample  # noqa: E402


def main():
    tokenizer = Tokenizer.from_file(sys.argv[1])
    specials = [t.content for t in tokenizer.get_added_tokens_decoder().values()]
    rng = random.Random(3)
    texts = [sample(rng, specials) for _ in range(300)]
    rows = [[text, tokenizer.encode(text, add_special_tokens=False).ids] for text in texts]
    with open(os.path.join(HERE, "references", "smollm2_tokens.json"), "w") as f:
        f.write("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]\n")


if __name__ == "__main__":
    main()
