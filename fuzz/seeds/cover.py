# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Audit and Cover tests, and the entries of whole calls, for cover."""
from common import entries, line, number

TYPES = {"Audit", "Cover", "Request"}
# The target looks at so many entries of an input.
ENTRIES = 4


def header(group, how):
    return line("cover", revision=group.get("revision"),
                policy=group.get("audit"),
                va_bits=str(group.get("vaBits", 48)), cover=how)


def entry(addr, npages, flags, last):
    return line("entry", addr=addr, npages=npages, flags=flags, last=last)


def seed(group, test):
    if group["type"] == "Request":
        some = list(entries(test))[:ENTRIES]
        how = group.get("cover", "two")
    elif group["type"] == "Audit":
        one = test["entry"]
        some = [(number(one["addr"]), number(one["npages"]),
                 number(one.get("flags")), number(one.get("hwError")))]
        how = "two"
    else:
        some = [(number(test["addr"]), number(test["npages"]), 0, 0)]
        how = test["how"]
    return header(group, how) + "".join(entry(*e) for e in some)
