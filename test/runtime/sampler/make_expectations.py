#!/usr/bin/env python3
"""Makes Expectations.inc: what transformers' own chain of logits processors leaves of seeded logits.

usage: make_expectations.py > Expectations.inc
needs: pip install torch transformers

The chain comes from GenerationMixin, so that its order is transformers' too.
"""
import itertools

import torch
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

VOCAB = 24


def chain(**settings):
    model = LlamaForCausalLM(LlamaConfig(vocab_size=VOCAB, hidden_size=8, intermediate_size=8, num_hidden_layers=1,
                                         num_attention_heads=1))
    config = GenerationConfig(**settings)
    return model._get_logits_processor(generation_config=config, input_ids_seq_length=3, encoder_input_ids=None,
                                       prefix_allowed_tokens_fn=None, logits_processor=None)


def number(x):
    return repr(float(x))


def case(seed, sample, temperature, top_k, top_p, min_p, penalty):
    torch.manual_seed(seed)
    # Quarters: equal scores occur, which top-k keeps together.
    logits = torch.round(torch.randn(1, VOCAB) * 12) / 4
    if top_p < 1:
        logits = logits + torch.arange(VOCAB) * 0.001  # which of two equals top-p drops is not defined
    seen = torch.randint(0, VOCAB, (1, 6))
    settings = dict(do_sample=sample, repetition_penalty=penalty)
    if sample:
        settings.update(temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p or None)
    out = chain(**settings)(seen, logits.clone())[0]
    left = [(i, s) for i, s in enumerate(out.tolist()) if s != float("-inf")]
    fields = [
        "true" if sample else "false", number(temperature), str(top_k), number(top_p), number(min_p), number(penalty),
        "{" + ", ".join(str(i) for i in seen[0].tolist()) + "}",
        "{" + ", ".join(number(x) + "f" for x in logits[0]) + "}",
        "{" + ", ".join("{%d, %sf}" % (i, number(s)) for i, s in left) + "}",
    ]
    print("{" + ",\n ".join(fields) + "},")


def main():
    print("// Made by make_expectations.py; clang-format off")
    seed = itertools.count()
    for penalty in (1.0, 1.3):
        case(next(seed), False, 1.0, 0, 1.0, 0.0, penalty)
        for temperature, top_k, top_p, min_p in [(0.7, 0, 1.0, 0.0), (1.0, 5, 1.0, 0.0), (1.0, 0, 0.8, 0.0),
                                                 (1.0, 0, 1.0, 0.1), (1.7, 12, 0.9, 0.05), (0.5, 50, 0.95, 0.0),
                                                 (2.5, 6, 0.5, 0.3), (1.0, 1, 1.0, 0.0), (1.0, 0, 0.05, 0.0)]:
            case(next(seed), True, temperature, top_k, top_p, min_p, penalty)


if __name__ == "__main__":
    main()
