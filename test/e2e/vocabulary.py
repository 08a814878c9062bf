"""tokenizer.json of Phi-4 and Phi-4-mini out of tiktoken's lists of ranks, in the form that they are published in.

A list has a line for each token: base64 of its bytes, and its rank, which is its id. The `tokenizers` library wants
pairs to merge instead: of each token the two parts that the ranks below its own join last.
"""
import base64
import json
import os

CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = "|".join([r"[^\r\n\p{L}\p{N}]?" + UPPER + "*" + LOWER + "+" + CONTRACTION,
                  r"[^\r\n\p{L}\p{N}]?" + UPPER + "+" + LOWER + "*" + CONTRACTION,
                  r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])


def phi4_specials():
    named = {100257: "<|endoftext|>", 100258: "<|fim_prefix|>", 100259: "<|fim_middle|>", 100260: "<|fim_suffix|>",
             100264: "<|im_start|>", 100265: "<|im_end|>", 100266: "<|im_sep|>", 100276: "<|endofprompt|>"}
    rest = [i for i in range(100256, 100352) if i not in named]
    return {**named, **{i: f"<|dummy_{n}|>" for n, i in enumerate(rest)}}


def phi4_mini_specials():
    words = "endofprompt assistant end user system tool /tool tool_call /tool_call tool_response tag".split()
    return {199999: "<|endoftext|>", **{200018 + n: f"<|{word}|>" for n, word in enumerate(words)}}


# name of the list -> pattern, special tokens, rows of the model's embedding, id that ends a text
VOCABULARIES = {"cl100k": (CL100K, phi4_specials, 100352, 100257),
                "o200k": (O200K, phi4_mini_specials, 200064, 199999)}


def read_ranks(path):
    """Bytes of a token -> its id."""
    with open(path, "rb") as f:
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in f if line.strip())}


def spelling():
    """byte -> the character that GPT-2's vocabularies spell it as."""
    printable = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
    others = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(0x100 + i) for i, b in enumerate(others)}}


def merged(token, ranks):
    """The last two parts of `token` under byte-pair merging."""
    parts = [token[i:i + 1] for i in range(len(token))]
    while len(parts) > 2:
        i = min(range(len(parts) - 1), key=lambda i: ranks.get(parts[i] + parts[i + 1], len(ranks)))
        parts[i:i + 2] = [parts[i] + parts[i + 1]]
    return parts


def split(token, ranks):
    """As merged, which seldom has to be gone through: few tokens are two tokens in more than one way."""
    ways = [i for i in range(1, len(token)) if token[:i] in ranks and token[i:] in ranks]
    return (token[:ways[0]], token[ways[0]:]) if len(ways) == 1 else merged(token, ranks)


def tokenizer(name, ranks):
    """The object of a tokenizer.json."""
    pattern, specials, _, _ = VOCABULARIES[name]
    letters = spelling()
    spell = lambda token: "".join(map(letters.__getitem__, token))
    ordered = sorted(ranks, key=ranks.get)
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=False)
    added = sorted(specials().items())
    vocab = {spell(token): ranks[token] for token in ordered}
    # Where their ids leave holes special tokens stand in the vocabulary too: else readers would number them anew.
    if added[-1][0] >= len(ranks) + len(added):
        vocab.update({text: i for i, text in added})
    merges = [" ".join(map(spell, split(token, ranks))) for token in ordered if len(token) > 1]
    split_step = dict(type="Split", pattern=dict(Regex=pattern), behavior="Removed", invert=True)
    return dict(version="1.0", truncation=None, padding=None,
                added_tokens=[dict(id=i, content=text, **flags) for i, text in added], normalizer=None,
                pre_tokenizer=dict(type="Sequence", pretokenizers=[split_step, byte_level]), post_processor=byte_level,
                decoder=byte_level,
                model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="",
                           end_of_word_suffix="", fuse_unk=False, byte_fallback=False, ignore_merges=False,
                           vocab=vocab, merges=merges))


def write(name, list_path, folder):
    """tokenizer.json of vocabulary `name` into the folder."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "tokenizer.json"), "w") as f:
        json.dump(tokenizer(name, read_ranks(list_path)), f, ensure_ascii=False)
