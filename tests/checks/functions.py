#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The core's functions are short: median <= 15 lines, 90 % <= 40, none > 60.

A function's lines are counted from the first of its declaration to the closing
brace, with comments and empty lines.
"""
import statistics
import sys

import common

MEDIAN, MOST, LONGEST = 15, 40, 60


def main():
    args = common.parser(__doc__).parse_args()
    lengths = {}
    for source in common.core_sources(args.root):
        for name, first, last in common.functions(source.read_text()):
            lengths[f"{source.name}:{first} {name}()"] = last - first + 1
    if not lengths:
        common.finish(["found no function"])

    ordered = sorted(lengths.values())
    median = statistics.median(ordered)
    ninetieth = ordered[(len(ordered) * 9 + 9) // 10 - 1]
    print(f"{len(ordered)} functions: median {median:g} lines, "
          f"90 % <= {ninetieth}, longest {ordered[-1]}")
    defects = []
    if median > MEDIAN:
        defects.append(f"the median is above {MEDIAN} lines")
    if ninetieth > MOST:
        defects.append(f"more than a tenth is above {MOST} lines")
    defects += [f"{where}: {n} lines, more than {LONGEST}"
                for where, n in lengths.items() if n > LONGEST]
    common.finish(defects)


if __name__ == "__main__":
    sys.exit(main())
