"""RoPE and attention in float64."""
import numpy as np


def rope(case, heads, positions, use_long):
    """heads: [token][head][channel] in float64."""
    n = case.turning
    frequency = case.long if use_long and case.longer else case.short
    angle = (positions.astype(np.float32)[:, None] * frequency[None]).astype(np.float64)
    cos, sin = np.cos(angle)[:, None] * case.rope_scale, np.sin(angle)[:, None] * case.rope_scale
    low, high = heads[..., :n], heads[..., n:2 * n]
    return np.concatenate([low * cos - high * sin, high * cos + low * sin, heads[..., 2 * n:]], -1)


def attention(case, queries, keys, values, position):
    """queries [token][group][channel]; keys, values [position][channel]; all float64."""
    result = np.empty_like(queries)
    for t in range(len(queries)):
        last = position + t
        first = max(0, last - case.window + 1) if case.window else 0
        scores = queries[t] @ keys[first:last + 1].T * case.scale
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        result[t] = weights @ values[first:last + 1] / weights.sum(-1, keepdims=True)
    return result


def quantized(queries):
    """8 bits per 32 channels, rounded in f32 as the op does."""
    groups = queries.astype(np.float32).reshape(*queries.shape[:-1], -1, 32)
    largest = np.abs(groups).max(-1, keepdims=True)
    codes = np.rint(groups * (np.float32(127) / largest))
    return (codes.astype(np.float64) * largest / 127).reshape(queries.shape)
