#!/usr/bin/env python3
"""The codebook of int4 (dialects/phi/Formats.cpp): 16 values for normally distributed groups of 32 with a searched scale.

usage: int4_codebook.py [--groups 60000] [--rounds 60]
needs: numpy

Rotated weights are near to normal (docs/FIGURES.md, "Formats"). As Lloyd's algorithm does, in turns: of each group the scale and
the codes that leave the least sum of squares, by the search of lib/Quantize/SearchedRounding.cpp; then for each code the value
that does, weights in a group of scale s weighing s^2; then all times what makes the largest magnitude 127. It starts from the
values that llama.cpp publishes for IQ4_NL. Prints these and the result, with the mean square that each leaves.
"""
import argparse

import numpy as np

START = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], np.float32)
# What the largest weight of a group, with its sign, may become.
PLACES = [*range(-150, -90, 3), *range(80, 140, 3)]


def search(x, book):
    """Codes and scales of the groups x, and the mean square that is left."""
    borders = (book[:-1] + book[1:]) / 2
    largest = x[np.arange(len(x)), np.abs(x).argmax(1)]
    unit, best, scale = x / largest[:, None], np.full(len(x), -1, np.float32), np.zeros(len(x), np.float32)
    for place in PLACES:
        values = book[np.searchsorted(borders, unit * place)]
        products, squares = (unit * values).sum(1), np.square(values).sum(1)
        better = products ** 2 / squares > best
        best[better], scale[better] = (products ** 2 / squares)[better], (products / squares)[better]
    codes = np.searchsorted(borders, unit / scale[:, None])
    scale *= largest
    return codes, scale, float(np.mean(np.square(book[codes] * scale[:, None] - x)))


def improved(x, book):
    codes, scale, _ = search(x, book)
    weight, target = np.broadcast_to(np.square(scale)[:, None], x.shape), x / scale[:, None]
    sums = np.bincount(codes.ravel(), (weight * target).ravel(), 16) / np.bincount(codes.ravel(), weight.ravel(), 16)
    return (sums * 127 / np.abs(sums).max()).astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=60000)
    parser.add_argument("--rounds", type=int, default=60)
    o = parser.parse_args()
    x = np.random.default_rng(0).standard_normal((o.groups, 32)).astype(np.float32)
    book = START
    for _ in range(o.rounds):
        book = improved(x, book)
    for values in START, np.rint(book).astype(np.float32):
        print(f"{values.astype(int).tolist()}: {search(x, values)[2]:.6f}")


if __name__ == "__main__":
    main()
