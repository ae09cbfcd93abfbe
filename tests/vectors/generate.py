#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Write the test vectors of this folder, or check that they are current.

generate.py            write every file
generate.py --check    exit status 1 if a committed file differs
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # leave nothing behind in the source tree

import cases_calls  # noqa: E402
import cases_demo  # noqa: E402
import cases_more  # noqa: E402
import cases_rules  # noqa: E402

HERE = Path(__file__).resolve().parent
WIDTH = 100


def one_line(value):
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def dump(value, indent=0, head=0):
    """JSON with everything on one line that fits there."""
    flat = one_line(value)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    nested = isinstance(value, dict) and "tests" in value
    if not nested and head + len(flat) <= WIDTH:
        return flat
    pad = "  " * (indent + 1)
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            name = one_line(key) + ": "
            body = dump(item, indent + 1, len(pad) + len(name) + 1)
            lines.append(pad + name + body)
        ends = "{}"
    else:
        lines = [pad + dump(item, indent + 1, len(pad) + 1)
                 for item in value]
        ends = "[]"
    return (ends[0] + "\n" + ",\n".join(lines) + "\n" + "  " * indent
            + ends[1])


def check(texts):
    """Names of files that are missing, different, or not ours."""
    bad = []
    for name, text in texts.items():
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            bad.append(name)
    return bad + sorted(p.name for p in HERE.glob("*.json")
                        if p.name not in texts)


def main(args):
    """The command."""
    if args not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    texts = {}
    for module in (cases_demo, cases_rules, cases_calls, cases_more):
        for file in module.files():
            texts[file.name] = dump(file.json()) + "\n"
    if args:
        bad = check(texts)
        for name in bad:
            print(name + ": is not what generate.py writes", file=sys.stderr)
        return 1 if bad else 0
    for name, text in texts.items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
