# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the modules of targets share: numbers of vectors, and lines of text."""


def number(value, absent=0):
    """A number of a vector file: an integer or a string, or not given."""
    if value is None:
        return absent
    return int(value, 0) if isinstance(value, str) else value


def line(name, **fields):
    """A line of the text form: what is not zero; numbers in hexadecimal."""
    words = [name]
    for field, value in fields.items():
        if value:
            words += [field, value if isinstance(value, str) else hex(value)]
    return " ".join(words) + "\n"


def entries(test):
    """(addr, npages, flags, last word) of each entry of a test."""
    for entry in test["entries"]:
        one = entry.get("range", entry)
        for i in range(number(one.get("count"), 1)):
            addr = number(one["addr"]) + i * number(one.get("stride"))
            yield (addr % 2**64, number(one["npages"]),
                   number(one.get("flags")), number(one.get("hwError")))
