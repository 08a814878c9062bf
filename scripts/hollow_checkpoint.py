"""A checkpoint of Phi-4's shape without weights, by default with one layer and few words: enough for all up to machine code."""
import math
import struct
from dataclasses import dataclass

# Of GGUF: number, elements and bytes of a block.
TYPES = {"f32": (0, 1, 4), "f16": (1, 1, 2), "q4_0": (2, 32, 18), "q4_1": (3, 32, 20), "q8_0": (8, 32, 34), "q6_k": (14, 256, 210),
         "bf16": (30, 1, 2)}


def string(text):
    return struct.pack("<Q", len(text)) + text.encode()


@dataclass(frozen=True)
class Shape:
    hidden: int = 5120
    wide: int = 17920
    heads: int = 40
    kv_heads: int = 10
    vocabulary: int = 512  # Phi-4 has 100352
    layers: int = 1  # 40

    @property
    def head_dim(self):
        return self.hidden // self.heads

    @property
    def kv(self):
        """Channels of the keys, and of the values, of a position."""
        return self.kv_heads * self.head_dim


PHI4 = Shape()


def write_checkpoint(path, kind, shape=PHI4):
    """GGUF: a head, then as many bytes as the tensors have, none of them written."""
    hidden, wide, vocabulary = shape.hidden, shape.wide, shape.vocabulary
    numbers = {"context_length": 16384, "embedding_length": hidden, "feed_forward_length": wide, "block_count": shape.layers,
               "attention.head_count": shape.heads, "attention.head_count_kv": shape.kv_heads,
               "rope.dimension_count": shape.head_dim, "vocab_size": vocabulary, "attention.sliding_window": 0}
    floats = {"attention.layer_norm_rms_epsilon": 1e-5, "rope.freq_base": 250000.0}
    keys = [string("general.architecture") + struct.pack("<I", 8) + string("phi3")]
    keys += [string("phi3." + name) + struct.pack("<II", 4, value) for name, value in numbers.items()]
    keys += [string("phi3." + name) + struct.pack("<If", 6, value) for name, value in floats.items()]
    keys += [string(f"tokenizer.ggml.{name}_token_id") + struct.pack("<II", 4, i) for i, name in enumerate(("bos", "eos"))]
    shapes = {"token_embd": (vocabulary, hidden), "output_norm": (hidden,), "output": (vocabulary, hidden)}
    layer = {"attn_norm": (hidden,), "ffn_norm": (hidden,), "attn_qkv": (hidden + 2 * shape.kv, hidden),
             "attn_output": (hidden, hidden), "ffn_up": (2 * wide, hidden), "ffn_down": (hidden, wide)}
    shapes |= {f"blk.{i}.{name}": sizes for i in range(shape.layers) for name, sizes in layer.items()}
    head, at = struct.pack("<4sIQQ", b"GGUF", 3, len(shapes), len(keys)) + b"".join(keys), 0
    for name, shape in shapes.items():
        number, elements, size = TYPES[kind if len(shape) == 2 else "f32"]
        head += string(name + ".weight") + struct.pack(f"<I{len(shape)}QIQ", len(shape), *reversed(shape), number, at)
        at += math.prod(shape) // elements * size  # a multiple of 32
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(len(head) + -len(head) % 32 + at)
