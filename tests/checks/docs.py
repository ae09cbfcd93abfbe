#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the documents point at is there, and is what they say.

* A relative link leads to a file, its anchor to a heading.
* A rule id (AUD-3) stands in docs/spec.md.
* `file.json` tcId 1, 3 and 5 to 7: these tests exist, and each has a rule, a
  flag or a defect in common with the paragraph or table row that names it. So
  does every number behind the word tcId stand behind a file.
* `test_file.c:name` is a test in tests/, `test_file.c` a file there.
* `ref/any.c` and the like exist; `s1inv_any` and `S1INV_ANY` are in the
  headers, in a build file, in tests/porting/ or in kernel-glue/linux/.
* The ```c PATH blocks of a document are, one after the other and with a blank
  line between them, that file without its head; a ```c PATH part block is
  somewhere in it as it stands.
"""
import json
import re
import sys

import common

DOCUMENTS = ["*.md", "docs/*.md", "fuzz/*.md", "corpus/*.md",
             "tests/vectors/*.md"]
RULE = re.compile(r"\b(?:CMD|COPY|AUD|COV|ENC|QUE|REP|SELF)-\d+\b")
TCID = re.compile(r"`([\w/]+\.json)` tcId ((?:\d+(?:, | and | to )?)+)")
PATH = re.compile(r"(?:bench|cmake|docs|examples|include|model|ref|scripts|"
                  r"tests|tools)/[\w./*-]*$")
NAME = re.compile(r"(?:s1inv|S1INV)_\w+\*?$")
FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.M | re.S)
HEAD = re.compile(r"\A(?:/\*.*?\*/\n)+\n*", re.S)


def slug(heading):
    """The anchor that a heading gets."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def prose(text):
    return FENCE.sub("\n", text)


def paragraphs(text):
    """Table rows and what blank lines separate, as one line each."""
    for block in re.split(r"\n\s*\n", prose(text)):
        if block.lstrip().startswith("|"):
            yield from block.split("\n")
        else:
            yield " ".join(block.split())


class Tree:
    """What documents can point at."""

    def __init__(self, root):
        self.root = root
        self.rules = set(re.findall(r"^\| ([A-Z]+-\d+) \|",
                                    self.read("docs/spec.md"), re.M))
        self.vectors = {p.name: self.marks(json.loads(p.read_text()))
                        for p in (root / "tests/vectors").glob("*.json")
                        if "schema" not in p.name}
        self.tests = {p.name: set(re.findall(r"START_TEST\((\w+)\)",
                                             p.read_text()))
                      for p in (root / "tests").rglob("test_*")
                      if p.is_file()}
        self.names = set()
        for pattern in ("include/s1inv/*.h", "CMakeLists.txt", "cmake/*",
                        "tests/CMakeLists.txt", "tests/porting/**/*.[ch]",
                        "kernel-glue/linux/*.h"):
            for path in root.glob(pattern):
                self.names |= set(re.findall(r"\w+", path.read_text()))

    def read(self, name):
        return (self.root / name).read_text()

    @staticmethod
    def marks(document):
        """{tcId: its rules, flags and defects}"""
        notes = document.get("notes", {})
        return {test["tcId"]: set(test.get("rules", []))
                | set(test.get("flags", []))
                | {mark for flag in test.get("flags", [])
                   for key in ("rules", "defects")
                   for mark in notes[flag].get(key, [])}
                for group in document["testGroups"]
                for test in group["tests"]}


def link_defects(tree, path, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "",
                                                        prose(text))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        if not file.exists():
            yield f"links to {target}, which is not there"
        elif anchor and anchor not in [
                slug(h) for h in re.findall(r"^#+ (.*)$", file.read_text(),
                                            re.M)]:
            yield f"links to {target}, which is no heading"


def numbers(text):
    """"1, 3 and 5 to 7" as numbers"""
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", text):
        yield from range(int(first), int(last or first) + 1)


def vector_defects(tree, text):
    if re.search(r"tcId \d", TCID.sub("", text)):
        yield "has a tcId without a file"
    ids = set(re.findall(r"\b[A-Z]+-?\d+\b|(?<=`)[A-Z]\w+(?=`)", text))
    for name, listed in TCID.findall(text):
        tests = tree.vectors.get(name.rsplit("/", 1)[-1])
        if tests is None:
            yield f"names {name}, which is no vector file"
            continue
        for tc in numbers(listed):
            if tc not in tests:
                yield f"names {name} tcId {tc}, which is not there"
            elif not tests[tc] & ids:
                yield (f"names {name} tcId {tc}, which is about "
                       + ", ".join(sorted(tests[tc])))


def span_defects(tree, span):
    file, _, test = span.partition(":")
    if re.match(r"test_\w+\.(c|py|sh)$", file):
        if file not in tree.tests:
            yield f"names {file}, which is not there"
        elif test and test.strip() not in tree.tests[file]:
            yield f"names {span}, which is no test"
    elif PATH.match(span) and not list(tree.root.glob(span.rstrip("/"))):
        yield f"names {span}, which is not there"
    name = span.replace("()", "")
    if NAME.match(name):
        stem = name.rstrip("*")
        if not (any(n.startswith(stem) for n in tree.names)
                if name.endswith("*") else stem in tree.names):
            yield f"names {span}, which is not in the headers"


def paragraph_defects(tree, text):
    for rule in RULE.findall(text):
        if rule not in tree.rules:
            yield f"names {rule}, which is no rule"
    yield from vector_defects(tree, text)
    for span in re.findall(r"`([^`]+)`", text):
        yield from span_defects(tree, span)


def block_defects(tree, text):
    whole = {}
    for info, code in FENCE.findall(text):
        language, _, rest = info.partition(" ")
        if language != "c" or not rest:
            continue
        name, _, part = rest.partition(" ")
        if not (tree.root / name).exists():
            yield f"shows {name}, which is not there"
        elif part and code not in tree.read(name):
            yield f"shows as part of {name} what is not in it"
        elif not part:
            whole.setdefault(name, []).append(code)
    for name, blocks in whole.items():
        if "\n".join(blocks) != HEAD.sub("", tree.read(name)):
            yield f"does not show {name} as it is"


def document_defects(tree, path):
    text = path.read_text()
    yield from link_defects(tree, path, text)
    for paragraph in paragraphs(text):
        yield from paragraph_defects(tree, paragraph)
    yield from block_defects(tree, text)


def main():
    args = common.parser(__doc__).parse_args()
    tree = Tree(args.root)
    documents = sorted({path for pattern in DOCUMENTS
                        for path in args.root.glob(pattern)})
    print(f"{len(documents)} documents looked at")
    common.finish([f"{path.relative_to(args.root)} {defect}"
                   for path in documents
                   for defect in document_defects(tree, path)]
                  if documents else ["found no document"])


if __name__ == "__main__":
    sys.exit(main())
