#!/usr/bin/env python3
"""Compares our tokenizer with the `tokenizers` library on seeded random and natural strings.

Usage: tokenizer_compare.py TOKENIZER.json... [--tool build/release/bin/tokenize_lines] [--count 10000] [--seed 0]
Exit status 1 where ids or decoded texts differ; the first few differences are printed.
"""
import argparse
import json
import random
import subprocess
import sys

from tokenizers import Tokenizer

WORDS = """the quick brown fox can't DON'T I'll we've they're it'S he'D 'ſ KELVIN Straße naïve café 東京 こんにちは 안녕하세요
Привет мир שלום مرحبا नमस्ते สวัสดี ǅungla ŒUVRE iPhone HTTPServer camelCase snake_case 3.14159 1234567890 ٣٤٥ ⅷ ½ ²³ 一二三
https://example.org/a?b=c&d=e#f x+=1; {"k":[1,2]} <div> </s> <s> ▁ ▁▁ <0x41> \\n //// ... !!! ?!? -- — “quoted” 👍🏽 👨‍👩‍👧 🇩🇪 é ̈ ﬁ ŉ""".split()
SPACES = ["", " ", " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n ", "\u00a0", "\u3000", "\u2028", "\x85", "\x0b", "\x1c", "\u200b",
          " " * 17, "\n" * 9, "\ufeff"]
BLOCKS = [(0, 0x80), (0x80, 0x250), (0x250, 0x600), (0x600, 0x1000), (0x1000, 0x2000), (0x2000, 0x3000), (0x3000, 0xA000),
          (0xA000, 0xD800), (0xE000, 0x10000), (0x10000, 0x20000), (0x20000, 0x40000), (0xE0000, 0xE1000), (0xF0000, 0x110000)]


def word(rng, specials):
    kind = rng.randrange(10)
    if kind < 4:
        return rng.choice(WORDS)
    if kind == 4:
        low, high = rng.choice(BLOCKS)
        return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randrange(1, 8)))
    if kind == 5:
        low, high = rng.choice(BLOCKS)
        c = chr(rng.randrange(low, high))
        return c * rng.randrange(1, 40)
    if kind == 6:
        return str(rng.randrange(10 ** rng.randrange(1, 25)))
    if kind == 7 and specials:
        return rng.choice(specials)
    if kind == 8 and specials:
        s = rng.choice(specials)
        a = rng.randrange(len(s))
        return s[a:] if rng.random() < 0.5 else s[:a]
    return "".join(rng.choice("abcXYZ'’ -_.,;0123456789stSTdmM\n\r\t/ΣσςİıßſK") for _ in range(rng.randrange(1, 30)))


def sample(rng, specials):
    return "".join(word(rng, specials) + rng.choice(SPACES) for _ in range(rng.randrange(1, 12)))


def ask(tool, path, lines):
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    done = subprocess.run([tool, path], input=text.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(kind, differences):
    for given, expected, got in differences[:5]:
        print(f"  {kind} {given!r}\n    expected {expected!r}\n    got      {got!r}")
    print(f"  {kind}: {len(differences)} differ")


def compare(path, args):
    rng = random.Random(args.seed)
    reference = Tokenizer.from_file(path)
    specials = [t["content"] for t in json.load(open(path, encoding="utf-8"))["added_tokens"]]
    texts = ["", " ", "\n"] + [sample(rng, specials) for _ in range(args.count)]
    expected = [reference.encode(t, add_special_tokens=False).ids for t in texts]
    encodings = [d for d in zip(texts, expected, ask(args.tool, path, texts), strict=True) if d[1] != d[2]]
    vocab = reference.get_vocab_size()
    lists = expected[: args.count // 2] + [[rng.randrange(vocab) for _ in range(rng.randrange(1, 12))]
                                           for _ in range(args.count // 2)]
    decoded = [reference.decode(ids, skip_special_tokens=False) for ids in lists]
    ours = ask(args.tool, path, lists)
    whole = [d for d in zip(lists, decoded, [o[0] for o in ours]) if d[1] != d[2]]
    # Of fallback bytes that form no text, decode replaces the whole run, which a stream cannot see the end of.
    streamed = [d for d in zip(lists, decoded, [o[1] for o in ours]) if d[1] != d[2] and "\ufffd" not in d[1]]
    print(f"{path}: {len(texts)} texts, {len(lists)} id lists")
    for kind, differences in (("encode", encodings), ("decode", whole), ("stream", streamed)):
        report(kind, differences)
    return not (encodings or whole or streamed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizers", nargs="+")
    parser.add_argument("--tool", default="build/release/bin/tokenize_lines")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sys.exit(0 if all([compare(path, args) for path in args.tokenizers]) else 1)


if __name__ == "__main__":
    main()
