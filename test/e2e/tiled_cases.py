"""Which toys the tiled pipeline is held on, in which formats, for which targets: each pair of format and target, of cache and
target, of format and family occurs; few of each, since a compile takes seconds."""
from collections import namedtuple

from machines import HERE

Case = namedtuple("Case", "toy quantize cache target schedule machines", defaults=((HERE,),))

# Schedules by name: what a person may write, far from the defaults.
SCHEDULES = {
    "plain": "",
    "lean": "* streams = 1, prefetch = 0\n",
    "odd": "* streams = 3, prefetch = 1, tokens = 3, panels = 2, chunk = 64\n",
    "even": "* streams = 3, prefetch = 1, tokens = 2, panels = 2, chunk = 64\n",
    "wide": "* streams = 2, prefetch = 0, tokens = 6, panels = 4, chunk = 64\n",
    "tall": "* streams = 2, prefetch = 0, tokens = 1, panels = 4, chunk = 64\n",
}
# The same for a GPU's blocks of threads.
BLOCK_SCHEDULES = {"plain": "", "odd": "* prefetch = 1, panels = 3, few_prefetch = 8\no tokens = 64\n"}


def schedule_of(case):
    return (BLOCK_SCHEDULES if case.target.startswith("cuda") else SCHEDULES)[case.schedule]


NATIVE, ALL, V2, V3, V4 = "native", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"

# Features of /proc/cpuinfo without which a target's program cannot run here.
NEEDS = {NATIVE: set(), V2: {"ssse3", "sse4_2"}, V3: {"avx2", "fma", "f16c", "bmi2"},
         ALL: {"avx2", "fma", "f16c", "bmi2"},  # code for several, the best of which the program picks at its start
         V4: {"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512cd"}}

CASES = [Case(*line.split()) for line in """
phi3-gqa               f32   f32  native     plain
phi3-gqa               int8  f16  x86-64-v4  odd
phi3-odd-mqa           bf16  f16  native     lean
phi3-odd-mqa           int4  f32  x86-64-v3  plain
phi3-mha-tied-f16      f16   f16  native     lean
phi3-head-dim          int8  f16  x86-64-v4  plain
phi3-partial-rotary    int4  f16  x86-64-v3  lean
phi3-partial-rotary-5  int8  f32  x86-64-v3  tall
phi3-longrope          bf16  f32  x86-64-v4  lean
phi3-longrope-su       int4  f32  native     plain
phi3-longrope-5        int8  f16  native     odd
phi3-window            int4  f16  x86-64-v4  lean
phi3-mixed-types       keep  f16  x86-64-v3  lean
phi3-one-layer         f32   int8 x86-64-v3  lean
phi3-one-layer         int8  int8 native     plain
phi3-one-layer         int4  int8 x86-64-v4  lean
llama-gqa              f16   f32  x86-64-v3  lean
llama-tied-bf16-5      bf16  f16  x86-64-v3  lean
llama-odd-head-dim     int8  f32  native     tall
llama-odd-head-dim     int4  f32  x86-64-v2  lean
gguf-phi3-f32          int4  f32  x86-64     lean
gguf-phi3-window-f16   keep  f16  x86-64-v4  lean
gguf-phi3-longrope     keep  f16  native     lean
gguf-phi3-q8_0         keep  f16  native     plain
gguf-phi3-q4_0         keep  f16  native     plain
gguf-phi3-q4_0         keep  f32  x86-64-v3  odd
gguf-phi3-q4_0         keep  f16  x86-64-v2  lean
gguf-llama-f32         f32   f32  x86-64-v4  lean
gguf-llama-q4_1        keep  f16  native     plain
gguf-llama-q4_1        keep  f16  x86-64-v3  tall
gguf-llama-q4_1        keep  f32  x86-64-v4  lean
gguf-llama-q6_k        keep  int8 native     plain
gguf-llama-q6_k        keep  int8 x86-64-v3  lean
gguf-llama-q6_k        keep  f16  x86-64-v4  lean
phi3-tied-with-head    bf16  f32  native     lean
phi3-longrope-inside   int8  f16  x86-64-v3  lean
""".strip().splitlines()]
