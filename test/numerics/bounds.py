"""How far a tiled program may be from the reference pipeline on the same quantised weights. The one place for such numbers.

A distance is the root of the mean square of the differences of all logits over that of the reference's logits. What rounds
activations or cache adds to it. The toys have one or two layers, so that each row
of activations is rounded some eight times on the way to a logit.
"""

# What the rows that a weight is multiplied with are rounded to.
ACTIVATIONS = {
    # Sums in another order alone: 2^-24 = 6e-8 a rounding, some hundred of them at random, in both programs. Where the
    # checkpoint's own numbers are kept run_tiled.py holds the program against transformers too, by the reference's bound.
    "f32": 2e-6,
    # 8 bits: off by at most 2^-8, 0.16 % in the mean, at each of 8 roundings: 0.45 % where errors are independent; norm, gate
    # and softmax, which see differences of large numbers, may triple it.
    "bf16": 1.3e-2,
    # The largest of 32 is 127: a step is 2.1 sigma / 127, its error step / sqrt(12) = 0.48 %; 8 roundings make 1.4 %, which
    # norm, gate and softmax may triple.
    "i8": 4e-2,
    # int4 but on CUDA, in blocks of up to 256 (lib/Vectorize/Linear/Rescale.h): the largest of 256 is 127, a step 2.8 sigma / 127,
    # its error 0.64 %; in long passes weights are rounded as well, to a step as large: 0.9 % together, 8 roundings 2.5 %.
    "i8 in blocks": 7.5e-2,
}

# What keys and values are rounded to: of one or two layers, keys and values each.
CACHES = {
    "f32": 0.0,
    # 11 bits: 0.02 % each; the toys' scores go to 10, which softmax makes relative errors of the weights.
    "f16": 1e-3,
    # As i8 activations, for keys, values, the queries beside the keys and, in passes of few tokens, the softmax's weights.
    "int8": 3e-2,
}

# No single logit may be further off, in multiples of the bound times the root mean square of the logits: 4 sigma happen
# once in 16,000, and rows of a pass are not equally well conditioned.
WORST = 8


def bound(activation, cache):
    """Their errors are independent: squares add up."""
    return (ACTIVATIONS[activation] ** 2 + CACHES[cache] ** 2) ** 0.5


# SmolLM2 as a compile without flags makes it (Q4_1 kept, int8 activations, f16 cache): the rounding's KL divergence from f32 is
# 0.0035 in the mean, which moves the loss by less, up or down; two of the best logits closer than it does change places.
SMOLLM2_LOSS = 5e-3
SMOLLM2_EQUAL = 0.93
