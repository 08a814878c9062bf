"""Loops of ARM64 assembly as LLVM prints it, unfolded into straight lines for llvm-mca, and those among them that linears are
made of (lib/Vectorize/Linear)."""
import re

DOTS = re.compile(r"^\t(sdot|usdot|smmla|usmmla)\t")
WIDENED = re.compile(r"^\tfcvtl2?\t")  # four scales from f16
SPILL = re.compile(r"\[sp\b|, sp\b")  # several registers at once go by a register that has sp + n
VECTOR_SPILL = re.compile(r"^\t(?:(?:ld|st)u?[rp]\t[qdsz]\d.*\[sp\b|add(?:vl)?\tx\d+, sp\b)")
PRODUCT = re.compile(r"^\t(?:[su]*dot|u?smmla|bfdot|smull2?|fmla|fmad)\t")
STORE = re.compile(r"^\tst[pr]\t")
FLOAT_SUM = re.compile(r"^\tfmla\t")
TWO_TURNS = re.compile(r"^\ttbn?z\tw\d+, #0, ")  # over the halves of a step: a flag that starts as 1
BRANCH = re.compile(r"^\t(?:b|b\.\w+|cbn?z|tbn?z)\t.*?(\.LBB\w+)$")


class Loop:
    """body: instructions and loops, in order; from the label to the last branch back to it."""

    def __init__(self, label, body):
        self.label, self.body = label, body

    def inner(self):
        return [x for x in self.body if isinstance(x, Loop)]

    def own(self):
        return [x for x in self.body if not isinstance(x, Loop)]

    def has_two_turns(self):
        return not isinstance(self.body[-1], Loop) and bool(TWO_TURNS.match(self.body[-1]))

    def unfolded(self, turns=lambda loop: 1):
        """Instructions of one iteration; `turns(loop)`: of a loop inside that has not two."""
        lines = []
        for x in self.body:
            lines += x.unfolded(turns) * (2 if x.has_two_turns() else turns(x)) if isinstance(x, Loop) else [x]
        return lines

    def walk(self):
        yield self
        for loop in self.inner():
            yield from loop.walk()


def code_lines(text):
    """Instructions with a tab before them and labels, without comments and directives."""
    for line in text.splitlines():
        line = line.split("//")[0].rstrip()
        if re.match(r"\.LBB\w+:|\t[a-z]", line):
            yield line


def loops_of(text):
    """The outermost loops."""
    lines = list(code_lines(text))
    start = {line[:-1]: i for i, line in enumerate(lines) if line.endswith(":")}
    end = {}
    for i, line in enumerate(lines):
        jump = BRANCH.match(line)
        if jump and start.get(jump[1], i) < i:
            end[jump[1]] = i

    def parse(i, stop):
        body = []
        while i < stop:
            label = lines[i][:-1] if lines[i].endswith(":") else None
            if label is None:
                body.append(lines[i])
            elif label in end:
                body.append(Loop(label, parse(i + 1, min(end[label] + 1, stop))))
                i = end[label]
            i += 1
        return body

    return [x for x in parse(0, len(lines)) if isinstance(x, Loop)]


def count(pattern, lines):
    return sum(bool(pattern.search(line)) for line in lines)


def innermost(loop):
    return [x for x in loop.walk() if not x.inner()]


def is_step(loop):
    """What it runs through is a step of 64 columns: loops inside are those over its halves."""
    return not loop.has_two_turns() and all(x.has_two_turns() and not x.inner() for x in loop.inner())


def decode_steps(loops):
    """Loops over the steps of panels for one token. 32 columns of 16 rows have 32 products a token and 16 scales."""
    for loop in (x for outer in loops for x in outer.walk() if is_step(x)):
        lines = loop.unfolded()
        scales = 4 * count(WIDENED, lines)
        if scales and count(DOTS, lines) == 2 * scales:
            yield loop


def is_products(loop):
    """Over the columns of a chunk, or of a block of them."""
    return bool(count(DOTS, loop.own())) and not loop.inner() and not count(WIDENED, loop.own())


def is_token_block(loop):
    """Over the tokens of a pass, a few at a time: inside, products alone, or blocks of them."""
    groups = loop.inner()
    if not groups or count(WIDENED, loop.own()) or loop.has_two_turns():
        return False
    return all(is_products(x) or x.inner() and all(map(is_products, x.inner())) for x in groups)


def chunks(loops):
    """(what unpacks a chunk, the loop over tokens that follows) of each loop over chunks."""
    for loop in (x for outer in loops for x in outer.walk()):
        for tokens in filter(is_token_block, loop.inner()):
            rest = [x for x in loop.body if x is not tokens]
            if any(count(WIDENED, x.unfolded()) for x in rest if isinstance(x, Loop)):
                yield Loop(loop.label, rest), tokens
