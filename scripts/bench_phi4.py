#!/usr/bin/env python3
"""Measures a program beside the machine that it runs on: what docs/FIGURES.md quotes.

usage: bench_phi4.py CHECKPOINT | PROGRAM [--phidias PATH] [--flags "..."] [--work FOLDER] [--rounds 5] [--json FILE]
                     [--threads N] [--prompt 512] [--new 32] [--depth 4096] [--batch 4]

CHECKPOINT is a GGUF file or a folder, and is compiled into the work folder; PROGRAM is what `phidias compile` made.

A round is: B and P of the machine; decode; prefill; decode at a depth; several tokens a pass; B and P again. Rounds follow each
other, so that each kind of run sees the same machine, and every rate is set beside the B and P of its own round (the larger of
before and after: the program cannot slow the machine, other work can). Printed are medians over the rounds.

  decode       share of B: (bytes of weights a pass + bytes of the cache that it reads) x passes per second / B
  prefill      share of P: (operations of a token's multiply-adds with weights) x tokens per second / P
  memory       the largest RssAnon + RssShmem of /proc/PID/status while it ran (sampled each 20 ms): all that is not the
               weights file; and the same without the key-value cache of the positions in use
  first token  seconds from the start of the program to the end of its first token, for a prompt of 1 and of --prompt
               tokens, with the weights in the page cache
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time


def fail(message):
    sys.exit(f"bench_phi4: {message}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--phidias", default=os.path.join(here, "build/release/bin/phidias"))
    parser.add_argument("--flags", default="", help="for phidias compile")
    parser.add_argument("--work", help="where the program goes (default: a temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--new", type=int, default=32)
    parser.add_argument("--depth", type=int, default=4096)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--json", help="also write every number to this file")
    return parser.parse_args()


class Memory(threading.Thread):
    """Samples RssAnon + RssShmem of a process."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path, self.peak = f"/proc/{pid}/status", 0

    def run(self):
        while True:
            try:
                with open(self.path) as status:
                    sizes = dict(line.split(":", 1) for line in status if line.startswith("Rss"))
                self.peak = max(self.peak, sum(int(sizes[k].split()[0]) * 1024 for k in ("RssAnon", "RssShmem")))
            except (OSError, KeyError):
                return
            time.sleep(0.02)


def run(command):
    """(standard output, seconds, peak of RssAnon + RssShmem)"""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        memory = Memory(process.pid)
        memory.start()
        out, err = process.communicate()
    if process.returncode:
        fail(f"{' '.join(command)}: exit code {process.returncode}: {err.strip()[:500]}")
    return out, time.monotonic() - start, memory.peak


def compile_checkpoint(options, folder):
    program = os.path.join(folder, "program")
    _, seconds, peak = run([options.phidias, "compile", options.model, "-o", program, *options.flags.split()])
    return program, {"seconds": seconds, "memory_bytes": peak,
                     "program_bytes": os.path.getsize(program),
                     "weights_bytes": os.path.getsize(program + ".weights")}


def is_program(path):
    return os.path.isfile(path) and os.access(path, os.X_OK) and os.path.exists(path + ".weights")


class Bench:
    def __init__(self, program, options):
        self.program, self.options = program, options
        self.context = max(options.depth + options.new, options.prompt) + 16
        self.common = ["--context", str(self.context)]
        if options.threads:
            self.common += ["--threads", str(options.threads)]

    def bench(self, *words):
        out, _, peak = run([self.program, "bench", "--repeat", "1", "--json", *map(str, words), *self.common])
        return json.loads(out), peak

    def machine(self):
        """B and P now, without a run of the model."""
        m, _ = self.bench("--profile", "-p", 0, "-n", 0)
        return m["bytes_per_s"], m.get("ops_per_s", 0)

    def work(self):
        """Bytes and operations of one pass: what the descriptor says."""
        m, _ = self.bench("--profile", "-p", self.options.prompt, "-n", 1)
        total = m["decode"]["total"]
        return {"code": m["code"], "threads": m["threads"], "bytes_a_pass": total["bytes"], "ops_a_token": total["ops"],
                "ops_a_prompt_token": m["prefill"]["total"]["ops"] / self.options.prompt}

    def first_token(self, length):
        tokens = ",".join(str(1 + i % 90) for i in range(length))
        _, seconds, _ = run([self.program, "generate", "--tokens", tokens, "--max-tokens", "1", "--ignore-eos", "--json",
                             *self.common])
        return seconds

    def round(self):
        o, before = self.options, self.machine()
        decode, decode_peak = self.bench("-p", 0, "-n", o.new)
        prefill, prefill_peak = self.bench("-p", o.prompt, "-n", 0)
        deep, deep_peak = self.bench("-p", 0, "-n", o.new, "--depth", o.depth)
        batch, batch_peak = self.bench("-p", 0, "-n", o.new, "--batch", o.batch)
        after = self.machine()
        cache = decode["cache_bytes_per_position"]
        peaks = [(decode_peak, o.new), (prefill_peak, o.prompt), (deep_peak, o.depth + o.new), (batch_peak, o.new)]
        return {"B": max(before[0], after[0]), "P": max(before[1], after[1]), "decode": decode["decode_tok_s"],
                "prefill": prefill["prefill_tok_s"], "deep": deep["decode_tok_s"], "batch": batch["decode_tok_s"],
                "cache_bytes_per_position": cache, "memory_bytes": max(peak for peak, _ in peaks),
                "memory_without_cache_bytes": max(peak - cache * positions for peak, positions in peaks),
                "first_token_s": self.first_token(1), "first_token_of_prompt_s": self.first_token(o.prompt)}


def shares(r, work, options):
    """A round's rates beside its B and P."""
    at_depth = work["bytes_a_pass"] + r["cache_bytes_per_position"] * (options.depth + options.new / 2)
    ratio = lambda a, b: a / b if b else 0.0
    return {"decode_share_of_B": ratio(r["decode"] * work["bytes_a_pass"], r["B"]),
            "prefill_share_of_P": ratio(r["prefill"] * work["ops_a_prompt_token"], r["P"]),
            "deep_share_of_B": ratio(r["deep"] * at_depth, r["B"]),
            "batch_share_of_B": ratio(r["batch"] / options.batch * work["bytes_a_pass"], r["B"]),
            "batch_pass_over_one": ratio(options.batch * r["decode"], r["batch"])}


def table(work, medians, options, built):
    m, o = medians, options
    rows = [("B, read by all threads", f"{m['B'] / 1e9:.2f} GB/s", ""),
            ("P, int8", f"{m['P'] / 1e12:.3f} TOP/s", ""),
            (f"decode, {o.new} tokens", f"{m['decode']:.2f} tok/s", f"{100 * m['decode_share_of_B']:.1f} % of B"),
            (f"prefill of {o.prompt}", f"{m['prefill']:.2f} tok/s", f"{100 * m['prefill_share_of_P']:.1f} % of P"),
            (f"decode at depth {o.depth}", f"{m['deep']:.2f} tok/s",
             f"{100 * m['deep_share_of_B']:.1f} % of B, cache counted"),
            (f"{o.batch} tokens a pass", f"{m['batch']:.2f} tok/s",
             f"a pass takes {m['batch_pass_over_one']:.2f} x one of 1 token"),
            ("memory beside the weights", f"{m['memory_bytes'] / 2**20:.1f} MiB",
             f"{m['memory_without_cache_bytes'] / 2**20:.1f} MiB without the cache"),
            ("start to first token", f"{m['first_token_s']:.3f} s", f"{m['first_token_of_prompt_s']:.3f} s for a prompt of "
                                                                    f"{o.prompt}")]
    if built:
        rows += [("compile", f"{built['seconds']:.1f} s", f"{built['memory_bytes'] / 2**20:.0f} MiB"),
                 ("program", f"{built['program_bytes'] / 1e6:.2f} MB", f"weights {built['weights_bytes'] / 1e9:.3f} GB")]
    lines = [f"{work['code']}, {work['threads']} threads, medians of {o.rounds} rounds"]
    lines += [f"{name:<28} {value:>16}   {note}".rstrip() for name, value, note in rows]
    return "\n".join(lines)


def measure(program, options, built):
    bench = Bench(program, options)
    work, rounds = bench.work(), []
    for number in range(options.rounds):
        r = bench.round()
        rounds.append({**r, **shares(r, work, options)})
        print(f"round {number + 1}: " + json.dumps(rounds[-1]), file=sys.stderr, flush=True)
    medians = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
    print(table(work, medians, options, built))
    result = {"model": os.path.basename(options.model), "options": {k: v for k, v in vars(options).items() if k != "model"},
              "work": work, "medians": medians, "rounds": rounds, "compile": built}
    if options.json:
        with open(options.json, "w") as out:
            json.dump(result, out, indent=1)


def main():
    options = arguments()
    if options.rounds < 1 or options.new < 1 or options.prompt < 1:
        fail("--rounds, --new and --prompt: expected at least 1")
    if is_program(options.model):
        return measure(os.path.abspath(options.model), options, None)
    if not os.path.exists(options.model):
        fail(f"{options.model}: no such file")
    if options.work:
        os.makedirs(options.work, exist_ok=True)
        return measure(*compile_first(options, options.work))
    with tempfile.TemporaryDirectory() as folder:
        measure(*compile_first(options, folder))


def compile_first(options, folder):
    program, built = compile_checkpoint(options, folder)
    return program, options, built


if __name__ == "__main__":
    main()
