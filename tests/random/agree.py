#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Do the rules of tests/vectors/, in Python, and the core agree?

usage: agree.py [--count N] [--seed S] ORACLE TOOL

Makes N random requests (1,000,000): of a thousand, 950 go to the parts of the
core that are pure, through ORACLE (core_oracle), and 50 are whole calls,
through TOOL (s1inv vectors --check). Each of the two can be a command with
arguments, such as an emulator's. The first requests about which the two
differ are printed with both answers, and the exit status is 1.
"""

import argparse
import json
import pathlib
import random
import secrets
import shlex
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # leave nothing behind in the source tree
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "vectors")]

import random_calls  # noqa: E402
import random_pure  # noqa: E402

BATCH = 20000
TOLD = 5  # differences of a batch that are printed


class Disagreement(Exception):
    """Text for people."""


def show(what, request, rules, core):
    """A difference."""
    return "%s: %s\n  by the rules: %s\n  by the core:  %s" % (
        what, request.strip(), rules.strip(), core.strip())


# -------------------------------------------------------------- pure parts

def ask(oracle, requests):
    """The core's answers."""
    done = subprocess.run(oracle, input="".join(requests), text=True,
                          stdout=subprocess.PIPE, check=False)
    answers = done.stdout.splitlines(keepends=True)
    if done.returncode or len(answers) != len(requests):
        at = requests[min(len(answers), len(requests) - 1)]
        raise Disagreement("%s ended with status %d at: %s" % (
            oracle[-1], done.returncode, at))
    return answers


def pure_batch(oracle, rng, make, count):
    """So many requests of one kind."""
    pairs = [make(rng) for _ in range(count)]
    answers = ask(oracle, [request for request, _ in pairs])
    wrong = [show(make.__name__, request, rules, core)
             for (request, rules), core in zip(pairs, answers)
             if rules != core]
    if wrong:
        raise Disagreement("%d of %d:\n%s" % (
            len(wrong), count, "\n".join(wrong[:TOLD])))


# ------------------------------------------------------------- whole calls

def test_of(text, number):
    """A test of a file, with its group's keys, as text."""
    for group in json.loads(text)["testGroups"]:
        for test in group.pop("tests"):
            if test["tcId"] == number:
                return json.dumps({**group, **test})
    return "?"


def calls_batch(tool, rng, count):
    """So many calls at the most; how many it were."""
    text, count = random_calls.vector_file(rng, count)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "random.json")
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(tool + ["vectors", "--check", "--json",
                                      str(path)], text=True, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    if done.returncode == 0:
        return count
    if done.returncode != 1:
        raise Disagreement("%s ended with status %d: %s" % (
            tool[-1], done.returncode, done.stderr))
    report = json.loads(done.stdout)[0]
    first = report["failures"][0]
    raise Disagreement("%d of %d calls; the first:\n%s\n  %s" % (
        report["failed"], count, test_of(text, first["tcId"]),
        "\n  ".join(first["differences"][:TOLD])))


# -------------------------------------------------------------------- main

class Progress:
    """Says now and then how far it is."""

    def __init__(self, total):
        self.total = total
        self.done = 0
        self.start = self.said = time.monotonic()

    def add(self, count):
        """So many more."""
        self.done += count
        now = time.monotonic()
        if now - self.said >= 10 or self.done == self.total:
            self.said = now
            print("%d of %d, %.0f s" % (self.done, self.total,
                                        now - self.start), flush=True)


def run(oracle, tool, count, rng):
    """All kinds, each with its share."""
    progress = Progress(count)
    calls = count
    for make, share in random_pure.SHARES:
        left = count * share // 1000
        calls -= left
        while left:
            n = min(left, BATCH)
            pure_batch(oracle, rng, make, n)
            progress.add(n)
            left -= n
    while calls:
        n = calls_batch(tool, rng, calls)
        progress.add(n)
        calls -= n


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=1000000)
    parser.add_argument("--seed", type=int)
    parser.add_argument("oracle", type=shlex.split)
    parser.add_argument("tool", type=shlex.split)
    args = parser.parse_args()
    seed = secrets.randbits(32) if args.seed is None else args.seed
    print("agree.py --count %d --seed %d" % (args.count, seed), flush=True)
    try:
        run(args.oracle, args.tool, args.count, random.Random(seed))
    except Disagreement as what:
        print("FAIL: %s" % what)
        return 1
    print("PASS: %d random requests, rules and core agree" % args.count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
