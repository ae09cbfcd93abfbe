#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Which lines and branches of ref/ do inputs reach? Counted by clang, which
counts each condition of && and || as a branch of its own.

usage: fuzzcover.py [--from-nothing SECONDS]

The corpus alone must reach all of them, but for the exceptions named in
coverage-exceptions.txt.

--from-nothing  fuzz each target so long on one core, from an empty corpus, and
                compare: it must reach 95 % of the branches that the target's
                corpus reaches. Says, too, how many inputs it runs per second
                of processor time
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import fuzzlib
from fuzzlib import BUILD, ROOT, Build, FuzzError, LibFuzzer

HTML = BUILD / "coverage" / "html"
LEAST_SHARE = 95
# FILE FUNCTION BRANCHES REASON: so many branches of it no input can take.
EXCEPTIONS = fuzzlib.HERE / "coverage-exceptions.txt"


def llvm(tool, *arguments):
    done = subprocess.run([f"llvm-{tool}-14", *map(str, arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode:
        raise FuzzError(f"llvm-{tool}-14 failed: {done.stderr[-1000:]}")
    return done.stdout


class Coverage:
    """Programs that count, and what they counted"""

    def __init__(self, names):
        self.names = names
        self.build = Build("none", "coverage").make(*names)
        self.folder = BUILD / "coverage"

    def measure(self, name, folders):
        """Run a target on folders of inputs: the file with the counts"""
        raw = self.folder / f"{name}.profraw"
        self.folder.mkdir(parents=True, exist_ok=True)
        raw.unlink(missing_ok=True)
        folders = [f for f in folders if f.exists() and any(f.iterdir())]
        if not folders:
            return None
        done = subprocess.run(
            [str(self.build.program(name)), *map(str, folders)], check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace",
            env={**os.environ, "LLVM_PROFILE_FILE": str(raw)})
        if done.returncode:
            raise FuzzError(f"{name} fails on its corpus:\n{done.stdout}")
        return raw

    def corpus(self, name):
        """The corpus of a target, in its binary form"""
        folder = self.folder / "seeds" / name
        shutil.rmtree(folder, ignore_errors=True)
        self.build.unpack_seeds(name, folder)
        return folder

    def arguments(self, raws, names):
        data = self.folder / "all.profdata"
        llvm("profdata", "merge", "-o", data, *raws)
        programs = [self.build.program(n) for n in names]
        return [programs[0], *(a for p in programs[1:] for a in ("-object", p)),
                f"-instr-profile={data}", str(ROOT / "ref")]

    def export(self, raws, names):
        return json.loads(llvm("cov", "export", *self.arguments(raws, names)))

    def branches(self, name, folder):
        """What a target reaches with a folder of inputs, perhaps none"""
        raw = self.measure(name, [folder])
        return branches_taken(self.export([raw], [name])) if raw else set()

    def html(self, raws):
        shutil.rmtree(HTML, ignore_errors=True)
        llvm("cov", "show", "-format=html", f"-output-dir={HTML}",
             "-show-branches=count", "-show-line-counts-or-regions",
             *self.arguments(raws, self.names))


def branches_taken(data):
    """The set of (file, line, column, side) of all branches taken"""
    taken = set()
    for file in data["data"][0]["files"]:
        name = pathlib.Path(file["filename"]).name
        for branch in file["branches"]:
            for side, count in enumerate(branch[4:6]):
                if count:
                    taken.add((name, *branch[:2], side))
    return taken


def functions_of(path):
    """[(name, first line, last line)] of a file of ref/, as its style has it"""
    found, name, first = [], None, 0
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if m := re.match(r"(?:[a-z][\w *]*\W)?(\w+)\(", line):
            name = m[1]
        if line == "{":
            first = number
        elif line == "}" and name:
            found.append((name, first, number))
    return found


def lines_not_run(lcov):
    """[(file, line)] of what llvm-cov exports for lcov"""
    found, name = [], ""
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            name = pathlib.Path(line).name
        elif m := re.fullmatch(r"DA:(\d+),0", line):
            found.append((name, int(m[1])))
    return found


def sides_not_taken(data):
    """[(file, line)] of each side of a branch"""
    return [(pathlib.Path(file["filename"]).name, branch[0])
            for file in data["data"][0]["files"]
            for branch in file["branches"]
            for count in branch[4:6] if not count]


def by_function(places):
    """{(file, function): [line]}"""
    found = {}
    for file, line in places:
        name = next((n for n, first, last in functions_of(ROOT / "ref" / file)
                     if first <= line <= last), "?")
        found.setdefault((file, name), []).append(line)
    return found


def exceptions():
    found = {}
    if EXCEPTIONS.exists():
        for line in EXCEPTIONS.read_text().splitlines():
            if line and not line.startswith("#"):
                file, function, number, _ = line.split(maxsplit=3)
                found[pathlib.Path(file).name, function] = int(number)
    return found


def totals(data):
    for what in ("lines", "branches"):
        s = data["data"][0]["totals"][what]
        share = 100 * s["covered"] / s["count"] if s["count"] else 0
        print(f"{what} of ref/: {s['covered']} of {s['count']}, {share:.1f} %")


def judge(data, lcov):
    """What is not reached, against the exceptions: a list of sentences"""
    allowed = exceptions()
    lines = by_function(lines_not_run(lcov))
    wrong = [f"ref/{file} {function}(): lines {at} are not run"
             for (file, function), at in sorted(lines.items())
             if (file, function) not in allowed]
    for (file, function), at in sorted(
            by_function(sides_not_taken(data)).items()):
        if len(at) != allowed.pop((file, function), 0):
            wrong.append(f"ref/{file} {function}(): {len(at)} branches are "
                         f"not taken, lines {sorted(set(at))}")
    return wrong + [f"the exception for {function}() in {file} is for nothing"
                    for file, function in allowed]


def report(names, found):
    """Totals, what is missing, and the report for a browser. With a folder of
    found inputs, those count, too. Returns how much is missing."""
    print("building", flush=True)
    coverage = Coverage(names)
    raws = [raw for name in names if (raw := coverage.measure(
        name, [coverage.corpus(name)] + ([found / name] if found else [])))]
    if not raws:
        raise FuzzError("there is no input")
    data = coverage.export(raws, names)
    coverage.html(raws)
    # A few targets cannot reach everything.
    wrong = [] if names != fuzzlib.targets() else judge(
        data, llvm("cov", "export", "-format=lcov",
                   *coverage.arguments(raws, names)))
    for sentence in wrong:
        print(sentence)
    print(f"report: {(HTML / 'index.html').relative_to(ROOT)}")
    totals(data)
    return len(wrong)


def share(coverage, build, name, seconds):
    """Of the branches that the corpus reaches, how many does a run from
    nothing reach, and how fast is it? (those, all, inputs per second)"""
    by_corpus = coverage.branches(name, coverage.corpus(name))
    if not by_corpus:
        raise FuzzError(f"the corpus of {name} reaches nothing")
    found = BUILD / "nothing" / name
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir(parents=True)
    job = LibFuzzer(build, name, [found], BUILD / "nothing" / "scratch",
                    f"-max_total_time={seconds}")
    _, status, used = os.wait4(job.process.pid, 0)
    if status:
        raise FuzzError(f"{name} fails: {fuzzlib.complaint(job.text())[1]}")
    by_run = coverage.branches(name, found)
    speed = job.executed() / (used.ru_utime + used.ru_stime)
    return len(by_corpus & by_run), len(by_corpus), speed


def from_nothing(seconds):
    """The share of each target. Returns how many are below the bar."""
    names = fuzzlib.targets()
    coverage = Coverage(names)
    build = Build().make(*names, programs=True)
    low = 0
    for name in names:
        reached, whole, speed = share(coverage, build, name, seconds)
        percent = 100 * reached / whole
        low += percent < LEAST_SHARE
        print(f"{name:12} {reached:4} of {whole:4} branches, {percent:5.1f} % "
              f"{speed:10,.0f} inputs/s", flush=True)
    print(f"from nothing, {seconds} s each on one core: {low} targets below "
          f"{LEAST_SHARE} %")
    return low


def main():
    usage = __doc__.split("usage: ")[1].replace("%", "%%")
    p = argparse.ArgumentParser(usage=usage)
    p.add_argument("--from-nothing", type=int, metavar="SECONDS")
    args = p.parse_args()
    if args.from_nothing is not None and args.from_nothing < 1:
        raise FuzzError("--from-nothing is at least 1")
    missing = (from_nothing(args.from_nothing) if args.from_nothing
               else report(fuzzlib.targets(), None))
    return 1 if missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (FuzzError, OSError) as error:
        print(f"fuzzcover: {error}", file=sys.stderr)
        sys.exit(2)
