# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the checks share: where the tree is, the core's files, how a check ends.

A check prints what it measured, then one line per defect, and exits with 0,
with 1 for defects, or with 77 and a reason when it cannot run here.
"""
import argparse
import pathlib
import re
import shutil
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent.parent


def parser(description):
    """An argument parser with the tree to look at, for the self-test."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--root", type=pathlib.Path, default=TREE,
                   help="the tree to check")
    return p


def core_sources(root):
    return sorted((root / "ref").glob("*.c"))


def need(tool):
    """Ends the check as skipped if there is no such tool."""
    if not shutil.which(tool):
        skip(f"{tool} is not installed")


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(77)


def finish(defects):
    """Prints the defects and ends the check."""
    for defect in defects:
        print(f"FAIL: {defect}")
    sys.exit(1 if defects else 0)


def functions(text):
    """(name, first line, last line) of each function definition in C text.

    In kernel style a function is the one thing whose opening brace stands
    alone in column 0. Its first line is where its declaration begins.
    """
    lines = text.split("\n")
    found = []
    for i, line in enumerate(lines):
        if line != "{":
            continue
        first = i
        while first > 0 and not re.match(r"$|[}#/]| \*", lines[first - 1]):
            first -= 1
        last = lines.index("}", i)
        head = " ".join(lines[first:i])
        # The name is the word before the parameters' parenthesis.
        name = re.sub(r"__attribute__\(\(.*?\)\)", "", head)
        name = re.search(r"(\w+)\s*\(", name).group(1)
        found.append((name, first + 1, last + 1))
    return found
