# SPDX-License-Identifier: GPL-2.0-only
"""A kernel tree, and what the steps make of its files."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import edit
import steps

HERE = pathlib.Path(__file__).resolve().parent.parent
GLUE = steps.GLUE
# Where install keeps what it changed
STOCK = steps.GLUE + ".install"
VERSIONS = ("6.12", "7.3")


class TreeError(Exception):
    """The tree is not one that the glue can go into, or come out of."""


def version(top):
    """"6.12" for a tree of Linux 6.12.117."""
    try:
        text = (top / "Makefile").read_text()
    except (OSError, UnicodeDecodeError):
        text = ""
    found = re.search(r"^VERSION = (\d+)\nPATCHLEVEL = (\d+)\n", text, re.M)
    if not found:
        raise TreeError("%s is not a kernel tree" % top)
    return "%s.%s" % found.groups()


def open_tree(top):
    if version(top) not in VERSIONS:
        raise TreeError("%s is Linux %s; wanted: %s"
                        % (top, version(top), " or ".join(VERSIONS)))
    return top


def output(script, pattern):
    """What a script of ours prints about the files that a pattern names."""
    files = sorted(HERE.glob(pattern))
    return subprocess.run([sys.executable, "-B", HERE / script, *files],
                          check=True, stdout=subprocess.PIPE).stdout.decode()


def source_text(source):
    """The text of a file here, with the edits that may stand behind it."""
    path, *edits = [source] if isinstance(source, str) else source
    text = (HERE / path).read_text()
    for one in edits:
        text = one.apply(text)
    return text


def step_changes(top, step, before):
    """The files that a step changes, given those changed before it."""
    changes = {path: source_text(source)
               for path, source in step.files.items()}
    changes.update((path, output(*command))
                   for path, command in step.made.items())
    for path, edits in step.edits.items():
        try:
            text = (changes.get(path) or before.get(path)
                    or (top / path).read_text())
            for one in edits:
                text = one.apply(text)
        except (OSError, UnicodeDecodeError, edit.EditError) as error:
            raise TreeError("%s is not as expected: %s" % (path, error))
        changes[path] = text
    return changes


def all_changes(top):
    changes = {}
    for step in [*steps.STEPS, steps.KUNIT]:
        changes.update(step_changes(top, step, changes))
    return changes


def count(stock, changes):
    """How many files were added, and how many changed."""
    changed = sum((stock / "stock" / path).exists() for path in changes)
    return len(changes) - changed, changed


def files(folder):
    """Paths of the files below a folder."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*")
                  if path.is_file())


def write(path, data):
    """All of a file or nothing; other links to what was there stay as is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(data.encode() if isinstance(data, str) else data)
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def refuse_links(top, paths):
    """What is behind a symbolic link may be a part of another tree."""
    for path in paths:
        if (top / path).resolve() != top.resolve() / path:
            raise TreeError("%s is behind a symbolic link" % (top / path))


def remove_empty(folder):
    """Remove a folder and those in it, but for what a build left there."""
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
