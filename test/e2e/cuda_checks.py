"""What a program of CUDA's simulator is held to: the reference pipeline's logits, however a prompt is cut; that neither the number of blocks
nor a chain of launches changes a bit; and that the simulator's checker has nothing to say, since it would end the program."""
import numpy as np

from program import Failure
from tiled_checks import activation, bounds, check_close, check_same

PASSES = (1, 2, 4, 8)  # each has a kernel of its own; the pass of all tokens has those for many
BLOCKS = (1, 4)        # beside the simulator's 6
ANSWER = 6
DRAWN_BY = ("phi3-odd-mqa", "llama-odd-head-dim")  # the choice sees logits alone: some programs are enough


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


def check_chain(program, tokens, whole):
    """A chain of launches, behind whose wide regions one block goes on, gives the same bits as one launch whose blocks wait for each other."""
    few = tokens[-12:]
    for blocks in ("6", "3"):
        chain = program.under(PHISIM_LAUNCH="chain", PHISIM_BLOCKS=blocks)
        check_same(f"a chain of launches, {blocks} blocks", chain.logits(tokens), whole)
        for count in ("1", "4"):
            check_same(f"a chain of launches, {blocks} blocks, passes of {count}", chain.logits(few, "--pass", count),
                       program.logits(few, "--pass", count))


def check_greedy(program, prompt, bound):
    """generate takes the likeliest of the logits, token after token, as near as two roundings of them can say."""
    answer = [int(t) for t in program.greedy(prompt, ANSWER, "--ignore-eos")["tokens"]]
    rows = program.logits(list(prompt) + answer[:-1])[len(prompt) - 1:]
    near = 2 * bounds.WORST * bound * np.sqrt(np.mean(np.square(rows.astype(np.float64))))
    missed = rows.max(1) - rows[np.arange(len(answer)), answer]
    if len(answer) != ANSWER or not missed.max() <= near:
        raise Failure(f"greedy: {answer}, which misses the largest logits by {missed}, bound {near:.2e}")


# Greedy, then drawn: all processors, and some of them.
DRAWS = (("--temperature", "0"), ("--temperature", "1.3"), ("--temperature", "0.9", "--top-k", "7"), ("--top-p", "0.8"),
         ("--temperature", "1.5", "--top-k", "40", "--top-p", "0.9", "--min-p", "0.02"))
# A factor that is 1 as f32, yet asks for the host's sampler: it gives the logits that the kernel had.
BY_HOST = ("--repeat-penalty", "1.000000000001")


def check_draws(program, prompt):
    """The kernel's token is the host's, greedy and drawn; another grid changes nothing."""
    other = program.under(PHISIM_BLOCKS="3")
    for number, words in enumerate(DRAWS):
        words = [*words, "--seed", str(number), "--ignore-eos"]
        expected = program.answer(prompt, ANSWER, *words, *BY_HOST)["tokens"]
        for which, one in (("the kernel", program), ("3 blocks", other), ("a chain of launches", program.under(PHISIM_LAUNCH="chain"))):
            if one.answer(prompt, ANSWER, *words)["tokens"] != expected:
                raise Failure(f"{which} and the host choose other tokens: {' '.join(words)}")


def check_program(case, program, tokens, expected, expected_short):
    bound = bounds.bound(activation(case, program.machine), case.cache)
    if case.target.endswith("sm90"):  # copies bring eight tokens also where a pass has fewer, and nothing comes of the others
        program = program.under(PHISIM_UNDEFINED="nan")
    whole = program.logits(tokens)
    check_close("logits", whole, expected, bound)
    check_cuts(program, tokens, expected, bound)
    check_blocks(program, tokens, whole)
    check_chain(program, tokens, whole)
    if expected_short is None:
        check_greedy(program, tokens[:10], bound)
        if case.toy in DRAWN_BY:
            check_draws(program, tokens[:10])
    else:
        check_close("short factors", program.logits(tokens[:len(expected_short)]), expected_short, bound)
