# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What is asked: the vectors, random requests, memory with holes, ranges."""

import collections
import json
import pathlib
import re

import trace
from questions import ERRNO, CannotAsk, Question

TESTS = pathlib.Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"0x[0-9a-f]+|[0-9]+")
TEXT = {"trailing", "comment", "errno", "rule", "bytes"}
FULL = (1 << 64) - 1


def numbers(value, key=""):
    """A vector with its numbers as numbers."""
    if isinstance(value, dict):
        return {k: numbers(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [numbers(v, key) for v in value]
    if (isinstance(value, str) and key not in TEXT
            and NUMBER.fullmatch(value)):
        return int(value, 0)
    return value


# ----------------------------------------------------------------- vectors

def as_requests(group, test):
    """The tests of a group as whole calls: (test, what it states)."""
    if group["type"] == "Request":
        return test, test["expected"]
    if group["type"] == "Audit":
        stated = test["expected"]
        good = stated["errno"] == "0"
        return ({"entries": [test["entry"]]},
                {"errno": stated["errno"], "entryNum": int(good)})
    return ({"entries": [{"addr": test["addr"], "npages": test["npages"]}]},
            {"errno": "0", "entryNum": 1, "blocks": test["expected"]["blocks"]})


def why_not(group, test):
    """Why a test cannot be asked of a kernel, or None."""
    if group["type"] not in ("Request", "Audit", "Cover"):
        return {"SelfTest": "another data type, which the kernel's own test "
                "asks"}.get(group["type"], "no call, a part of one")
    if group.get("revision", "linux") != "linux":
        return "revision v8"
    if group.get("audit", "compatible") != "compatible":
        return "strict audit"
    if test.get("how", group.get("cover", "two")) != "two":
        return "exact cover"
    if "budget" in group:
        return "a budget of its own"
    return None


def shape(group):
    """The targets, if they are such as the guest has."""
    if group["type"] != "Request" or len(group["units"]) != 1:
        return None
    unit = group["units"][0]
    plain = (unit.get("amMax", 52) == 52 and unit.get("te", True)
             and not unit.get("plainFence") and not unit.get("quirks")
             and group.get("attribution", "all") == "all")
    kinds = [t["cache"] for t in unit["targets"]
             if t["pasid"] == 0 and not t.get("twice")]
    if plain and len(kinds) == len(unit["targets"]):
        return kinds
    return None


class Asked:
    """A question with what its source states of the outcome."""

    def __init__(self, name, question, unit, stated=None):
        self.name = name
        self.question = question
        self.expected = question.expect(unit)
        self.stated = stated


def vectors(unit, kernel):
    """(questions, {why not: how many})."""
    asked, reasons = [], collections.Counter()
    for path in sorted((TESTS / "vectors").glob("*.json")):
        file = numbers(json.loads(path.read_text(encoding="utf-8")))
        for group in file["testGroups"]:
            for test in group["tests"]:
                name = "%s %d" % (path.name, test["tcId"])
                try:
                    asked.append(vector(name, group, test, unit, kernel))
                except CannotAsk as why:
                    reasons[str(why)] += 1
    return asked, reasons


def vector(name, group, test, unit, kernel):
    """A vector as a question. The rules, asked about the memory of a process,
    must say what the vector states."""
    reason = why_not(group, test)
    if reason:
        raise CannotAsk(reason)
    test, stated = as_requests(group, test)
    attached = group.get("units", [unit]) != []
    question = Question(test, "0" if attached else "1", kernel)
    one = Asked(name, question, unit if attached else None, stated)
    out = one.expected
    same = (out["entryNum"] == stated["entryNum"]
            and out["written"] == stated.get("written", True)
            and (out["errno"] == stated["errno"] or out["rule"] == "CMD-7"))
    if not same:
        raise CannotAsk("memory or addresses that no process has")
    if shape(group) == [t["cache"] for t in unit["targets"]]:
        compare_with_vector(one, group, unit)
    return one


def compare_with_vector(one, group, unit):
    """The descriptors that the vector states, with the guest's ids."""
    stated = one.stated.get("descriptors")
    if stated is None:
        return
    theirs = group["units"][0]
    mode = {"ttm": "scalable", "wide": True, "dt": True, "dit": True,
            "pds": False, "prs": False, "hpts": False}
    moved = []
    for qw in stated[0]:
        d = trace.Descriptor(qw[0], qw[1])
        d.judge(mode)
        if d.type == 6:
            qw0 = d.qw0 & ~(0xffff << 16) | unit["did"] << 16
        else:
            target = unit["targets"][1]
            qw0 = 3 | target["sid"] << 32 | target["mip"] << 16
            assert d.fields["sid"] == theirs["targets"][1]["sid"]
        moved.append([qw0, d.qw1])
    ours = [list(qw[:2]) for qw in one.expected["descriptors"][0]]
    if moved != ours:
        raise AssertionError("%s: the rules say %s, the vector %s" % (
            one.name, ours, moved))


# ------------------------------------------------------------------ random

def random_batch(rng, count, unit, kernel):
    """So many random calls, like those of tests/random/, but such as user
    space can make."""
    import random_calls  # pylint: disable=import-outside-toplevel
    asked = []
    while len(asked) < count:
        test = {"entries": random_calls.entries(rng)}
        size = random_calls.length(test["entries"])
        changed = random_calls.command(rng, size, 24)
        if changed.get("hwpt") == "no-op":
            changed["hwpt"] = "wrong-kind"
        if changed:
            test["command"] = changed
        wrong = random_calls.memory(rng, changed.get("dataUptr", 0x10000),
                                    size * 24)
        if wrong:
            test["memory"] = wrong
        table = "1" if rng.randrange(20) == 0 else "0"
        question = Question(test, table, kernel)
        asked.append(Asked("random %d" % len(asked), question,
                           unit if table == "0" else None))
    return asked


# ------------------------------------------------------------------ memory

def one(addr, npages=1, **more):
    """An entry."""
    return {"addr": addr, "npages": npages, **more}


def memory_cases(unit, kernel):
    """Every place at which command or array can begin to fault."""
    tests = []
    three = [one(0x1000 * i) for i in (5, 6, 7)]
    for at in range(0, 33):
        tests.append(("command faults from byte %d on" % at,
                      {"entries": three,
                       "memory": {"holes": [[0x1000 + at, 40]]}}))
    for at in range(0, 73):
        tests.append(("array faults from byte %d on" % at,
                      {"entries": three,
                       "memory": {"holes": [[0x10000 + at, 80]]}}))
    for at in (0, 23, 24, 28, 31):
        tests.append(("command read-only at byte %d" % at,
                      {"entries": three,
                       "memory": {"readOnly": [[0x1000 + at, 1]]}}))
    for size in (33, 40, 64, 4096, 8160):
        zeros = "00" * (size - 32)
        tests += [("command of %d bytes" % size,
                   {"entries": three, "command": {"trailing": zeros}}),
                  ("command of %d bytes, the last not zero" % size,
                   {"entries": three,
                    "command": {"trailing": zeros[:-2] + "01"}}),
                  ("command of %d bytes, one of them not there" % size,
                   {"entries": three,
                    "command": {"trailing": zeros[:-2], "size": size}})]
    many = {"range": one(0, stride=0x2000, count=1000)}
    for fault in (31, 32, 33, 170, 171, 512, 999):
        tests.append(("entry %d of 1000 faults" % fault,
                      {"entries": [many],
                       "memory": {"holes": [[0x10000 + 24 * fault + 7, 1]]}}))
    return [Asked(name, Question(test, "0", kernel), unit)
            for name, test in tests]


# ------------------------------------------------------------------ ranges

# Ranges for which stock kernels flush too little, or far too much.
RANGES = ((0, 1), (0x1000, 3), (0x7ffff000, 2), (0x7ffffffff000, 2),
          (0, FULL), (0, 1 << 52), (0, 1 << 53), (0, 1 << 63),
          (0, (1 << 52) + 1), (0x1000, 1 << 52), (0xfffffffffffff000, 2),
          (0, 0), (0x5000, 0), (0xffff800000000000, 512),
          (0x800000000000, 1))


def range_cases(unit, kernel):
    """Each of them in a call of its own."""
    return [Asked("%#x, %#x pages" % pair,
                  Question({"entries": [one(*pair)]}, "0", kernel), unit)
            for pair in RANGES]


def errno_name(number):
    """For people."""
    return {v: k for k, v in ERRNO.items()}.get(number, str(number))
