# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Random whole calls as vector files (docs/vectors.md), with the rules'
outcomes."""

import json

from build import runs, show, words
from calls import ENTRY_LEN, call
from random_pure import COVERS, POLICIES, REVISIONS, entry, word

TESTS = 500  # in a file
COST = 100000  # descriptors in a file, at the most
PER_GROUP = 10
HEAD = 0x1000
ARRAYS = (0x10000, 0x12345, 0x7ffffffff008, 0xffff800000000000)


# ------------------------------------------------------------------- groups

def target(rng):
    """An IOTLB, or the device TLB of a function."""
    pasid = rng.choice((0, 0, 1, 0xfffff, rng.getrandbits(20)))
    if rng.randrange(2):
        return {"cache": "iotlb", "pasid": pasid}
    one = {"cache": "devtlb", "pasid": pasid, "sid": rng.getrandbits(16),
           "pfsid": rng.getrandbits(16)}
    if rng.randrange(2):
        one["mip"] = word(rng, 8)
    if rng.randrange(4) == 0:
        one["twice"] = True
    return one


def unit(rng):
    """An IOMMU."""
    one = {"did": rng.getrandbits(16),
           "targets": [target(rng) for _ in range(rng.randrange(5))]}
    if rng.randrange(4) == 0:
        one["amMax"] = rng.choice((0, 9, 18, 51, 52, rng.randrange(53)))
    if rng.randrange(4) == 0:
        one["slots"] = rng.choice((128, 512))
    for key, usual in (("dit", True), ("te", True), ("pds", False),
                       ("plainFence", False)):
        if rng.randrange(4) == 0:
            one[key] = not usual
    return one


def group(rng):
    """A page table: how it is served, and where it is attached."""
    return {"revision": rng.choice(REVISIONS), "audit": rng.choice(POLICIES),
            "vaBits": rng.choice((48, 57)), "cover": rng.choice(COVERS),
            "attribution": rng.choice(("all", "replay", "single")),
            "units": [unit(rng)
                      for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3)))]}


# -------------------------------------------------------------------- tests

def plain_entry(rng):
    """An entry as a file has it."""
    values = entry(rng)
    if rng.randrange(3):  # mostly none that ends the call
        values = (rng.getrandbits(35) << 12, 1 + word(rng, 20),
                  rng.randrange(2), 0)
    addr, npages, flags, last = values
    one = {"addr": addr, "npages": npages}
    if flags:
        one["flags"] = flags
    if last:
        one["hwError"] = last
    return one


def entries(rng):
    """An array: short, or some chunks long."""
    short = [plain_entry(rng)
             for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 5, 8)))]
    if rng.randrange(12) == 0:
        count = rng.choice((30, 31, 32, 33, 64, 65))
        short.append({"range": {
            "addr": rng.getrandbits(30) << 12, "stride": 0x3000,
            "npages": rng.randrange(1, 9), "count": count}})
        rng.shuffle(short)
    return short


def selftest_entries(rng):
    """An array of the self-test's data type."""
    return [{"flags": rng.choice((0, 0, 0, 1, word(rng, 32))),
             "iotlbId": rng.choice((0, 1, 2, 3, 3, 4, word(rng, 32)))}
            for _ in range(rng.choice((0, 1, 2, 3, 7, 8, 9, 17)))]


def length(array):
    """Number of entries."""
    return sum(e.get("range", {}).get("count", 1) for e in array)


def command(rng, count, size):
    """What differs from the plain command, seldom much."""
    more = {}
    if rng.randrange(4) == 0:
        more["dataUptr"] = rng.choice(ARRAYS)
    if rng.randrange(40) == 0:  # to the end of the address space, or over it
        more["dataUptr"] = (1 << 64) - size * count + rng.randrange(-30, 30)
        more["dataUptr"] = min(more["dataUptr"], (1 << 64) - 1)
    odd = (("reserved", lambda: word(rng, 32)),
           ("dataUptr", lambda: 0),
           ("entryLen", lambda: rng.choice((0, 8, 23, 25, 4096, 4097,
                                            word(rng, 32)))),
           ("entryNum", lambda: rng.choice((0, count + 1, (1 << 19) + 1,
                                            rng.randrange(count + 1)))),
           ("dataType", lambda: rng.choice((1, word(rng, 32)))),
           ("hwpt", lambda: rng.choice(("missing", "wrong-kind", "no-op"))),
           ("trailing", lambda: rng.choice(("00", "00" * 40, "0001", "80"))),
           ("size", lambda: rng.choice((0, 31, 32, 33, 40, word(rng, 32)))))
    for key, value in odd:
        if rng.randrange(30) == 0:
            more[key] = value()
    if "trailing" in more:
        more.pop("size", None)
    return more


def memory(rng, at, size):
    """What is wrong with the user's memory, in the command or in the array."""
    def somewhere():
        if rng.randrange(4) == 0:
            return [HEAD + rng.randrange(40), 1 + rng.randrange(8)]
        return [at + rng.randrange(size + 1), 1 + rng.randrange(30)]

    more = {}
    for key in ("holes", "readOnly"):
        if rng.randrange(6) == 0:
            more[key] = [place for place in
                         (somewhere() for _ in range(1 + rng.randrange(2)))
                         if place[0] + place[1] <= 1 << 64]
    return more


def outcome(kind, table, test):
    """What the file is to state."""
    out = call(kind, table, test)
    stated = {key: out[key] for key in ("errno", "rule", "entryNum",
                                        "written", "iotlb", "waits",
                                        "submissions") if key in out}
    if "descriptors" in out:
        stated["descriptors"] = [[words(q) for q in unit]
                                 for unit in out["descriptors"]]
    # A copy that faults leaves some bytes of the word as they were (REP-7);
    # a command that cannot be written either hides that (CMD-11).
    if "hwError" in out and out["rule"] not in ("REP-7", "CMD-11"):
        stated["hwError"] = runs(out["hwError"])
    return stated


def case(rng, kind, table, number):
    """One test."""
    if kind == "SelfTest":
        test = {"entries": selftest_entries(rng),
                "iotlb": [word(rng, 32) for _ in range(4)]}
    else:
        test = {"entries": entries(rng)}
    count = length(test["entries"])
    changed = command(rng, count, ENTRY_LEN[kind])
    if changed:
        test["command"] = changed
    wrong = memory(rng, changed.get("dataUptr", 0x10000),
                   count * ENTRY_LEN[kind])
    if wrong:
        test["memory"] = wrong
    expected = outcome(kind, table, test)
    return {"tcId": number, "comment": "random",
            "result": "valid" if expected["errno"] == "0" else "invalid",
            **show(test), "expected": expected}


# -------------------------------------------------------------------- files

def cost(table, test):
    """What a reader reckons a test as (docs/vectors.md 1.1)."""
    targets = sum(2 if one.get("twice") else 1
                  for unit in table.get("units", ())
                  for one in unit["targets"])
    blocks = 102 if table.get("cover") == "exact" else 2
    return length(test["entries"]) * blocks * targets


def vector_file(rng, most):
    """A file with up to so many tests: (its JSON, how many)."""
    groups, number, spent = [], 0, 0
    while number < min(most, TESTS) and spent < COST:
        kind = "Request" if rng.randrange(10) else "SelfTest"
        table = group(rng) if kind == "Request" else {}
        tests = []
        while (len(tests) < PER_GROUP and number < min(most, TESTS)
               and spent < COST):
            number += 1
            tests.append(case(rng, kind, table, number))
            spent += cost(table, tests[-1])
        groups.append({"type": kind, **show(table), "tests": tests})
    return json.dumps({
        "algorithm": "IOMMU_HWPT_INVALIDATE",
        "schema": "vectors_schema.json", "version": "0.1.0",
        "header": ["Random calls."], "numberOfTests": number,
        "testGroups": groups}), number
