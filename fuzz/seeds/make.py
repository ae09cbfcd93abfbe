#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Seeds of a fuzz target, made from the vectors of tests/vectors.

    make.py TARGET FOLDER    write them, replacing those of an earlier run
    make.py --check          count what each target takes of which group

A module of the target's name stands beside this file. It has TYPES, the types
of test groups that it can express, and a function seed(group, test) that
returns the text form of an input (fuzz/text.h), or for a target that takes raw
text that text; None where the target cannot express a test. Raw text modules
set SUFFIX. Seeds that are equal but for comments are written once. A function
others(), if there is one, yields the names and texts of further seeds.
"""
import importlib
import json
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent.parent / "tests" / "vectors"
NOT_TARGETS = {"make", "common"}


def tests():
    """(name of file, group, test) of every vector."""
    for path in sorted(VECTORS.glob("*.json")):
        for group in json.loads(path.read_text())["testGroups"]:
            for test in group["tests"]:
                yield path.stem, group, test


def targets():
    return sorted(p.stem for p in HERE.glob("*.py")
                  if p.stem not in NOT_TARGETS)


def seeds(target):
    """(file name, text) of every seed of the target."""
    if target not in targets():  # not every one can express vectors
        return
    module = importlib.import_module(target)
    suffix = getattr(module, "SUFFIX", ".txt")
    seen = set()
    for stem, group, test in tests():
        if group["type"] not in module.TYPES:
            continue
        text = module.seed(group, test)
        if text is None or text in seen:
            continue
        seen.add(text)
        number = f'{test["tcId"]:03}'
        if suffix == ".txt":
            text = f'# {stem}.json {number}: {test["comment"]}\n{text}'
        yield f"{stem}-{number}{suffix}", text
    if hasattr(module, "others"):
        yield from module.others()


# What write() leaves in a folder beside the seeds, to know it again
MARK = ".seeds"


def write(target, folder):
    if folder.exists() and not (folder / MARK).exists() and (
            not folder.is_dir() or any(folder.iterdir())):
        sys.exit(f"{folder} is not a folder of seeds: it is left as it is")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    for name, text in seeds(target):
        (folder / name).write_text(text)


def check():
    """A target without seeds, or with few of them, has lost its vectors."""
    total = sum(1 for _ in tests())
    good = True
    for target in targets():
        number = sum(1 for _ in seeds(target))
        print(f"{target}: {number} seeds from {total} vectors")
        good &= number >= 50
    return good


def main():
    # The modules stand in this folder, and leave nothing behind in it.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(HERE))
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if check() else 1)
    if len(sys.argv) != 3 or not re.fullmatch(r"\w+", sys.argv[1]):
        sys.exit(f"usage: {sys.argv[0]} TARGET FOLDER | --check")
    if not (HERE.parent / f"{sys.argv[1]}_fuzzer.c").exists():
        sys.exit(f"there is no target {sys.argv[1]}")
    write(sys.argv[1], pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()
