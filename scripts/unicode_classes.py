#!/usr/bin/env python3
"""Writes lib/Import/Tokenizer/UnicodeClasses.inc: what \\p{..}, \\s, \\w and \\d mean in pre-token patterns.

The reference, the `tokenizers` library, is asked about every code point, so that the table has the Unicode version of
its regular expressions (Oniguruma's) and, for the Digits pre-tokenizer, of its Rust standard library.

Usage: unicode_classes.py > lib/Import/Tokenizer/UnicodeClasses.inc   (needs the package `tokenizers`)
"""
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models
from tokenizers.pre_tokenizers import Digits, Split

CATEGORIES = ("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co".split())
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# A letter between the code points keeps neighbours from joining; the patterns match single code points.
CHUNK = 4096


def members(pre_tokenizer):
    """The code points that the pre-tokenizer isolates, as it reports them by offsets."""
    found = set()
    for start in range(0, len(POINTS), CHUNK):
        text = "".join(map(chr, POINTS[start : start + CHUNK]))
        for piece, _ in pre_tokenizer.pre_tokenize_str(text):
            found.update(map(ord, piece))
    return found


def matching(pattern):
    """`Removed` with `invert` keeps the matches alone."""
    return members(Split(Regex(pattern), "removed", invert=True))


def numeric():
    """Digits is no pattern: a code point is numeric where it is split off from two letters around it."""
    found = set()
    for start in range(0, len(POINTS), CHUNK):
        chunk = POINTS[start : start + CHUNK]
        text = "a".join(map(chr, chunk))
        for piece, _ in Digits(individual_digits=True).pre_tokenize_str(text):
            if len(piece) == 1 and piece != "a":
                found.add(ord(piece))
    return found & {c for c in POINTS}


def edges():
    """What single_word takes for a part of a word: Rust's \\w, which has no No and Nl where Oniguruma's has."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.add_tokens([AddedToken("q", single_word=True, normalized=False)])
    found = set()
    for start in range(0, len(POINTS), CHUNK):
        chunk = POINTS[start : start + CHUNK]
        alone = {begin for begin, _ in tokenizer.encode("".join(f"q{chr(c)} " for c in chunk)).offsets}
        found.update(c for i, c in enumerate(chunk) if 3 * i not in alone and c != ord("q"))
    return found | {ord("q")}


def ranges(points):
    out = []
    for c in sorted(points):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def rows(name, values):
    print(f"static constexpr uint32_t {name}[] = {{")
    for i in range(0, len(values), 8):
        print("    " + ", ".join(values[i : i + 8]) + ",")
    print("};")


def main():
    print(f"// Made by scripts/unicode_classes.py from tokenizers {tokenizers.__version__}. Do not edit.")
    print("// A run of code points with one general category: first code point << 8 | index into kCategoryNames,")
    print("// which holds until the next run; index 0 is Cn (and surrogates).")
    names = ["Cn"] + CATEGORIES
    print("static constexpr const char *kCategoryNames[] = {" + ", ".join(f'"{n}"' for n in names) + "};")
    category = [0] * 0x110001
    for index, name in enumerate(CATEGORIES, 1):
        for c in matching(r"\p{%s}" % name):
            category[c] = index
    runs = [(c, category[c]) for c in range(0x110000) if c == 0 or category[c] != category[c - 1]]
    rows("kCategoryRuns", [f"0x{c << 8 | k:x}" for c, k in runs])
    print("// First and last code points, in turn.")
    for name, found in (("kSpaceRanges", matching(r"\s")), ("kWordRanges", matching(r"\w")),
                        ("kWordEdgeRanges", edges()), ("kHanRanges", matching(r"\p{Han}")), ("kNumericRanges", numeric())):
        rows(name, [f"0x{c:x}" for pair in ranges(found) for c in pair])


if __name__ == "__main__":
    main()
