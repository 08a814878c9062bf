"""What a program of CUDA's simulator is held to: the reference pipeline's logits, however a prompt is cut; that the number of blocks
changes no bit; and that the simulator's checker has nothing to say, since it would end the program."""
import numpy as np

from program import Failure
from tiled_checks import activation, bounds, check_close, check_same

PASSES = (1, 2, 4, 8)  # each has a kernel of its own; the pass of all tokens has those for many
BLOCKS = (1, 4)        # beside the simulator's 6
ANSWER = 6


def check_cuts(program, tokens, expected, bound):
    """Kernels for few tokens round otherwise than those for many: the bits may differ."""
    for count in PASSES:
        check_close(f"passes of {count}", program.logits(tokens, "--pass", str(count)), expected, bound)


def check_blocks(program, tokens, whole):
    few = tokens[-12:]
    single = program.logits(few, "--pass", "1")
    for blocks in BLOCKS:
        other = program.under(PHISIM_BLOCKS=str(blocks))
        check_same(f"{blocks} blocks", other.logits(tokens), whole)
        check_same(f"{blocks} blocks, token by token", other.logits(few, "--pass", "1"), single)


def check_greedy(program, prompt, bound):
    """generate takes the likeliest of the logits, token after token, as near as two roundings of them can say."""
    answer = [int(t) for t in program.greedy(prompt, ANSWER, "--ignore-eos")["tokens"]]
    rows = program.logits(list(prompt) + answer[:-1])[len(prompt) - 1:]
    near = 2 * bounds.WORST * bound * np.sqrt(np.mean(np.square(rows.astype(np.float64))))
    missed = rows.max(1) - rows[np.arange(len(answer)), answer]
    if len(answer) != ANSWER or not missed.max() <= near:
        raise Failure(f"greedy: {answer}, which misses the largest logits by {missed}, bound {near:.2e}")


def check_program(case, program, tokens, expected, expected_short):
    bound = bounds.bound(activation(case, program.machine), case.cache)
    if case.target.endswith("sm90"):  # copies bring eight tokens also where a pass has fewer, and nothing comes of the others
        program = program.under(PHISIM_UNDEFINED="nan")
    whole = program.logits(tokens)
    check_close("logits", whole, expected, bound)
    check_cuts(program, tokens, expected, bound)
    check_blocks(program, tokens, whole)
    if expected_short is None:
        check_greedy(program, tokens[:10], bound)
    else:
        check_close("short factors", program.logits(tokens[:len(expected_short)]), expected_short, bound)
