#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What holds for the text of every source file.

An SPDX tag on line 1 (2 after #!), C within 80 columns but for strings that
are searched for as a whole, C indented with tabs, no blanks at the end of a
line, and a newline at the end. (.clang-format does the rest, for those who
want it.)
"""
import sys

import common

FOLDERS = {"include/s1inv", "ref", "model", "tools", "bench", "scripts",
           "cmake", ".ci", "fuzz"}
TOP = ["CMakeLists.txt", "check", "demo"]
COLUMNS = 80


def sources(root):
    yield from (root / name for name in TOP if (root / name).exists())
    for folder in sorted(FOLDERS):
        yield from sorted(p for p in (root / folder).glob("*") if p.is_file())
    for folder in ("kernel-glue/kunit", "kernel-glue/test", "tests"):
        yield from sorted(p for p in (root / folder).rglob("*")
                          if p.suffix in (".c", ".h", ".py", ".sh"))


def c_line_defects(line):
    if len(line.expandtabs(8)) > COLUMNS and '"' not in line:
        yield f"is longer than {COLUMNS} columns"
    blank_of_a_macro = line.strip() == "\\"
    if line.startswith(" ") and line[1] != "*" and not blank_of_a_macro:
        yield "is indented with blanks"


def file_defects(path):
    text = path.read_text()
    lines = text.split("\n")
    if not any("SPDX-License-Identifier:" in line
               for line in lines[:2 if text.startswith("#!") else 1]):
        yield "has no SPDX tag where it belongs"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield "does not end in one newline"
    for number, line in enumerate(lines, 1):
        if line.rstrip(" \t") != line:
            yield f"line {number} ends in blanks"
        if path.suffix in (".c", ".h"):
            for defect in c_line_defects(line):
                yield f"line {number} {defect}"


def main():
    args = common.parser(__doc__).parse_args()
    files = list(sources(args.root))
    print(f"{len(files)} files looked at")
    common.finish([f"{path.relative_to(args.root)} {defect}"
                   for path in files for defect in file_defects(path)]
                  if files else ["found no file"])


if __name__ == "__main__":
    sys.exit(main())
