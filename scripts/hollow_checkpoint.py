"""A checkpoint of Phi-4's shape without weights, by default with one layer and few words: enough for all up to machine code."""
import math
import struct

# Of GGUF: number, elements and bytes of a block.
TYPES = {"f32": (0, 1, 4), "f16": (1, 1, 2), "q4_0": (2, 32, 18), "q4_1": (3, 32, 20), "q8_0": (8, 32, 34), "q6_k": (14, 256, 210),
         "bf16": (30, 1, 2)}


def string(text):
    return struct.pack("<Q", len(text)) + text.encode()


def write_checkpoint(path, kind, layers=1, vocabulary=512):
    """GGUF: a head, then as many bytes as the tensors have, none of them written. Phi-4 has 40 layers and 100352 words."""
    hidden, wide = 5120, 17920
    numbers = {"context_length": 16384, "embedding_length": hidden, "feed_forward_length": wide, "block_count": layers,
               "attention.head_count": 40, "attention.head_count_kv": 10, "rope.dimension_count": 128,
               "vocab_size": vocabulary, "attention.sliding_window": 0}
    floats = {"attention.layer_norm_rms_epsilon": 1e-5, "rope.freq_base": 250000.0}
    keys = [string("general.architecture") + struct.pack("<I", 8) + string("phi3")]
    keys += [string("phi3." + name) + struct.pack("<II", 4, value) for name, value in numbers.items()]
    keys += [string("phi3." + name) + struct.pack("<If", 6, value) for name, value in floats.items()]
    keys += [string(f"tokenizer.ggml.{name}_token_id") + struct.pack("<II", 4, i) for i, name in enumerate(("bos", "eos"))]
    shapes = {"token_embd": (vocabulary, hidden), "output_norm": (hidden,), "output": (vocabulary, hidden)}
    layer = {"attn_norm": (hidden,), "ffn_norm": (hidden,), "attn_qkv": (hidden + 2 * 1280, hidden),
             "attn_output": (hidden, hidden), "ffn_up": (2 * wide, hidden), "ffn_down": (hidden, wide)}
    shapes |= {f"blk.{i}.{name}": shape for i in range(layers) for name, shape in layer.items()}
    head, at = struct.pack("<4sIQQ", b"GGUF", 3, len(shapes), len(keys)) + b"".join(keys), 0
    for name, shape in shapes.items():
        number, elements, size = TYPES[kind if len(shape) == 2 else "f32"]
        head += string(name + ".weight") + struct.pack(f"<I{len(shape)}QIQ", len(shape), *reversed(shape), number, at)
        at += math.prod(shape) // elements * size  # a multiple of 32
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(len(head) + -len(head) % 32 + at)
