#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check an implementation against the vectors: consumer.py FILE...

It runs the tests of type Audit, Cover and Encode and passes over the others.
Exit status 1 if an outcome is not as stated, or if there was no such test.
"""
import json
import sys

sys.dont_write_bytecode = True

from implementation import Refused, audit, cover, encode  # noqa: E402


def number(value):
    """Numbers are integers, or strings in decimal or hexadecimal."""
    return int(value, 0) if isinstance(value, str) else value


def run_audit(group, test):
    entry = [number(test["entry"].get(key, 0))
             for key in ("addr", "npages", "flags", "hwError")]
    reach, first, last = audit(entry, group["revision"],
                               group.get("audit", "compatible"),
                               group.get("vaBits", 48))
    return {"errno": "0", "rule": "", "reach": reach, "first": first,
            "last": last, "leaf": entry[2] == 1}


def run_cover(_, test):
    entry = [number(test["addr"]), number(test["npages"]), 0, 0]
    return {"blocks": cover(*audit(entry, "linux", "compatible", 48),
                            test["how"])}


def run_encode(_, test):
    fields = {key: number(value) for key, value in test["fields"].items()
              if key != "type"}
    return {"qw": encode(test["fields"]["type"], fields)}


RUN = {"Audit": run_audit, "Cover": run_cover, "Encode": run_encode}


def same(out, stated):
    """Is a value as stated? A number can be stated as a string."""
    if isinstance(out, list):
        return len(out) == len(stated) and all(map(same, out, stated))
    return out == (number(stated) if isinstance(out, int) else stated)


def differences(group, test):
    """What is not as the test states: key, what it is, what is stated."""
    try:
        out = RUN[group["type"]](group, test)
    except Refused as why:
        out = dict(zip(("errno", "rule"), why.args))
    return [(key, out.get(key), stated)
            for key, stated in test["expected"].items()
            if not same(out.get(key), stated)]


def main():
    ran = failed = 0
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            data = json.load(file)
        for group in data["testGroups"]:
            for test in group["tests"] if group["type"] in RUN else []:
                ran += 1
                wrong = differences(group, test)
                # Where the rules leave room, another outcome is no failure.
                failed += bool(wrong) and test["result"] != "acceptable"
                for key, out, stated in wrong:
                    print(f"{name}: tcId {test['tcId']} ({test['comment']}):"
                          f" {key} is {out}, stated {stated};"
                          f" flags {test.get('flags', [])}")
    print(f"{ran} tests, {failed} not as stated")
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
