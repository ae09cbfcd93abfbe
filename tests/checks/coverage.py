#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Every line and branch of ref/ is taken by the tests, but for named exceptions.

Reads gcovr's JSON. An exception in tests/coverage-exceptions.txt is one line,
"FILE FUNCTION BRANCHES REASON": so many branches of that function are not taken
and never can be. One that is no longer true is a defect too.
"""
import json
import sys

import common


def read_exceptions(path):
    """{(file, function): branches}"""
    found = {}
    for line in path.read_text().split("\n"):
        if line and not line.startswith("#"):
            file, function, branches, reason = line.split(maxsplit=3)
            assert reason
            found[file, function] = int(branches)
    return found


def missed_by_function(root, file):
    """{function: (lines not run, [line of each branch not taken])}"""
    lines = [l for l in file["lines"] if not l.get("gcovr/noncode")]
    missed = {}
    for name, first, last in common.functions(
            (root / file["file"]).read_text()):
        inside = [l for l in lines if first <= l["line_number"] <= last]
        missed[name] = (
            [l["line_number"] for l in inside if l["count"] == 0],
            [l["line_number"] for l in inside for b in l["branches"]
             if b["count"] == 0])
    return missed


def percent(part, whole):
    return 100.0 * part / whole if whole else 0.0


def print_totals(files):
    lines = [l for f in files for l in f["lines"]
             if not l.get("gcovr/noncode")]
    branches = [b for l in lines for b in l["branches"]]
    for what, items in (("lines", lines), ("branches", branches)):
        taken = sum(1 for i in items if i["count"])
        print(f"{what}: {taken} of {len(items)}, "
              f"{percent(taken, len(items)):.1f} %")


def main():
    p = common.parser(__doc__)
    p.add_argument("json", help="what gcovr --json wrote")
    args = p.parse_args()
    with open(args.json, encoding="utf-8") as f:
        files = json.load(f)["files"]
    exceptions = read_exceptions(args.root / "tests/coverage-exceptions.txt")

    print_totals(files)
    missing = ({s.name for s in common.core_sources(args.root)}
               - {f["file"].rsplit("/", 1)[-1] for f in files})
    defects = [f"ref/{name} was not run at all" for name in sorted(missing)]
    for file in files:
        for function, (lines, branches) in missed_by_function(
                args.root, file).items():
            allowed = exceptions.pop((file["file"], function), 0)
            if len(branches) != allowed:
                defects.append(f"{file['file']} {function}(): {len(branches)} "
                               f"branches not taken, {allowed} are excepted; "
                               f"lines {sorted(set(branches))}")
            if lines and not allowed:
                defects.append(f"{file['file']} {function}(): lines {lines} "
                               "not run")
    defects += [f"the exception for {function}() in {file} is for nothing"
                for file, function in exceptions]
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
