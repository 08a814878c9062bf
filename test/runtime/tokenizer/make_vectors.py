#!/usr/bin/env python3
"""Makes Inputs/: small tokenizer.json files, one for each feature, and what the `tokenizers` library does with them.

NAME.json is the tokenizer; NAME.vectors has a line for each case: {"text", "ids", "untrusted", "decoded", "skipped"}:
ids of the text, its ids where no added token but the plain "word" is known, and the ids decoded with special tokens and
without. Usage: make_vectors.py (needs the package `tokenizers`, run where it lies)
"""
import json
import os

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
CORPUS = ["the quick brown fox jumps over the lazy dog, the then there their them", "Hello World hello world, isn't it? I'll we've they're",
          "1234567890 12 123 3.14", "naïve café Привет мир 東京 こんにちは", "    indented\n\n\ttabs  and   spaces", "ab abc abcd abab the the the"] * 20
TEXTS = ["", " ", "Hello World", "hello  world", " the quick brown fox", "it isn't I'LL we'Ve 'ſ", "12345 ٣٤ ⅷ½²", "naïve café Привет 東京 😀 \U00020000",
         "a\n\n b\r\n\tc  ", "<|start|>Hello<|end|> World", "x <|strip|> y", "x  <|strip|>\n\n<|strip|> y", "word aword word. wordb word", "word½ ²word wordⅷ word٣",
         "<|start", "|end|><|start|><|start|>", "tool <tool> tool", "\u3000\u00a0a\u2028b", "</s> <s>", "▁the ▁▁ the", "abababab" * 9, "Zebra ΩΩΩ",
         " <|end|> ", "\x00\x01\x7f", "é é ﬁ"]
CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
ADDED = [AddedToken("<|start|>", special=True, normalized=False), AddedToken("<|end|>", special=True, normalized=False),
         AddedToken("<|strip|>", special=True, normalized=False, lstrip=True, rstrip=True),
         AddedToken("word", special=False, normalized=False, single_word=True), AddedToken("<tool>", special=False, normalized=True)]


def trained(pre, decoder, normalizer=None, vocab=420, alphabet=None, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    if pre:
        tokenizer.pre_tokenizer = pre
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoder
    specials = [model["unk_token"]] if "unk_token" in model else []
    fallback = [f"<0x{b:02X}>" for b in range(256)] if model.get("byte_fallback") else []
    trainer = trainers.BpeTrainer(vocab_size=vocab, special_tokens=specials + fallback, initial_alphabet=alphabet or [], show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def unmarked(tokenizer, names):
    """The trainer marks every fallback byte as special; published files do not list them as added tokens at all."""
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [t for t in data["added_tokens"] if t["content"] not in names]
    return Tokenizer.from_str(json.dumps(data))


def byte_level(steps, **model):
    bytes_ = pre_tokenizers.ByteLevel.alphabet()
    pre = steps[0] if len(steps) == 1 else pre_tokenizers.Sequence(steps)
    return trained(pre, decoders.ByteLevel(), alphabet=bytes_, **model)


def sentence_piece(**model):
    tokenizer = trained(None, decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
                        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), vocab=560, unk_token="<unk>",
                        fuse_unk=True, **model)
    return unmarked(tokenizer, {f"<0x{b:02X}>" for b in range(256)})


def all_tokenizers():
    byte = pre_tokenizers.ByteLevel
    split = lambda p, b, **k: pre_tokenizers.Split(Regex(p), b, **k)
    yield "gpt2", byte_level([byte(add_prefix_space=False, use_regex=True)])
    yield "smollm", byte_level([pre_tokenizers.Digits(individual_digits=True), byte(add_prefix_space=False, use_regex=True)])
    yield "digit-runs", byte_level([pre_tokenizers.Digits(individual_digits=False), byte(add_prefix_space=False, use_regex=False)])
    yield "prefix-space", byte_level([byte(add_prefix_space=True, use_regex=True)])
    yield "cl100k", byte_level([split(CL100K, "removed", invert=True), byte(add_prefix_space=False, use_regex=False)])
    yield "isolated", byte_level([split(CL100K, "isolated"), byte(add_prefix_space=False, use_regex=False)])
    yield "removed", byte_level([split(r"\s+", "removed"), byte(add_prefix_space=False, use_regex=False)])
    yield "literal", byte_level([pre_tokenizers.Split(" ", "isolated"), byte(add_prefix_space=False, use_regex=False)])
    tokenizer = byte_level([split(CL100K, "isolated"), byte(add_prefix_space=False, use_regex=False)])
    data = json.loads(tokenizer.to_str())
    data["model"]["ignore_merges"] = True
    data["model"]["vocab"]["Zebra"] = len(data["model"]["vocab"])
    yield "ignore-merges", Tokenizer.from_str(json.dumps(data))
    yield "phi3", sentence_piece(byte_fallback=True)
    yield "unknown", sentence_piece()


def untrusting(tokenizer):
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [t for t in data["added_tokens"] if t["content"] == "word"]
    if data["added_tokens"]:  # the library wants ids that follow the vocabulary's
        data["added_tokens"][0]["id"] = len(data["model"]["vocab"])
    return Tokenizer.from_str(json.dumps(data)), tokenizer.token_to_id("word")


def untrusted_ids(pair, text):
    tokenizer, word = pair
    own = tokenizer.token_to_id("word")
    return [word if i == own else i for i in tokenizer.encode(text, add_special_tokens=False).ids]


def main():
    os.makedirs(HERE, exist_ok=True)
    for name, tokenizer in all_tokenizers():
        tokenizer.add_tokens([t for t in ADDED if not t.special])
        tokenizer.add_special_tokens([t for t in ADDED if t.special])
        untrusted = untrusting(tokenizer)
        path = os.path.join(HERE, name)
        tokenizer.save(path + ".json", pretty=False)
        with open(path + ".vectors", "w", encoding="utf-8") as out:
            for text in TEXTS:
                ids = tokenizer.encode(text, add_special_tokens=False).ids
                case = {"text": text, "ids": ids, "untrusted": untrusted_ids(untrusted, text), "decoded": tokenizer.decode(ids, skip_special_tokens=False),
                        "skipped": tokenizer.decode(ids, skip_special_tokens=True)}
                out.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
