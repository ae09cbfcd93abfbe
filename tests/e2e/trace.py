# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""QEMU's trace with the guest's messages in it: read, judged, summed up.

Descriptors are judged by the rules of tests/vectors/rules.py, which were written
from the specification. QEMU traces every type but PASID-cache (7).
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / "vectors"))

import rules as R  # noqa: E402

WAIT_FLAGS = ("if", "sw", "fn", "pd")

# A line of the trace, which may stand in the middle of a message; a message
# has no small letters. What else QEMU prints are lines of its own.
TOKEN = re.compile(
    rb"vtd_inv_desc invalidate desc type \S+ high 0x([0-9a-f]+)"
    rb" low 0x([0-9a-f]+)\n"
    rb"|vtd_inv_qi_tail write tail (\d+)\n"
    rb"|(?:[a-z][^\n]*\n)"
    rb"|([A-Z0-9,;]+)"
    rb"|(\s)")


class Descriptor:
    """A descriptor that the receiver fetched."""

    __slots__ = ("qw0", "qw1", "type", "fields", "bad")

    def __init__(self, qw0, qw1):
        self.qw0, self.qw1 = qw0, qw1
        self.type = R.type_of(qw0)
        self.fields = None
        self.bad = 0

    def judge(self, mode):
        """Decode it, once it is known what the receiver can do."""
        _, self.fields, self.bad, _ = R.decode(
            [self.qw0, self.qw1, 0, 0], mode)

    def words(self):
        """As the rules write it."""
        return [self.qw0, self.qw1]

    def __str__(self):
        return "[%#x, %#x]" % (self.qw0, self.qw1)


class Tail:
    """A write of the tail register: a submission."""


class Message:
    """What the guest told: a letter and numbers."""

    def __init__(self, text):
        self.letter = text[:1]
        self.numbers = [int(w) if w.isdigit() else None
                        for w in text[1:].split(",")]


class Noise:
    """A line of QEMU's that is no trace, such as an error."""

    def __init__(self, text):
        self.text = text


def read(data):
    """The events of a trace in their order."""
    events, message = [], ""
    tail = Tail()
    for token in TOKEN.finditer(data):
        high, low, written, text, _ = token.groups()
        if high is not None:
            events.append(Descriptor(int(low, 16), int(high, 16)))
        elif written is not None:
            events.append(tail)
        elif text is not None:
            *whole, message = (message + text.decode()).split(";")
            events += [Message(one) for one in whole]
        elif token.group().strip():
            events.append(Noise(token.group().decode("utf-8", "replace")
                                .strip()))
    return events


def mode_of(ecap):
    """What descriptors the receiver takes, from its ECAP."""
    return {"ttm": "scalable", "wide": True, "dt": bool(ecap >> 2 & 1),
            "dit": bool(ecap >> 41 & 1), "pds": bool(ecap >> 42 & 1),
            "prs": bool(ecap >> 29 & 1), "hpts": False}


def wait_flags(descriptor):
    """As docs/vectors.md 3.6 writes them."""
    return "|".join(name.upper() for name in WAIT_FLAGS
                    if descriptor.fields[name])


def block(descriptor):
    """(first page, last page) that a descriptor covers in its cache."""
    f = descriptor.fields
    if descriptor.type == 0x6:
        if f["g"] == 2 or f["am"] >= 52:
            return 0, R.PAGE_MAX
        first = f["addr"] // R.PAGE >> f["am"] << f["am"]
        return first, first + (1 << f["am"]) - 1
    page, order = f["addr"] // R.PAGE, 0
    if f["s"]:
        while page >> order & 1:  # up to the lowest zero bit
            order += 1
        order += 1
    if order >= 52:
        return 0, R.PAGE_MAX
    first = page >> order << order
    return first, first + (1 << order) - 1


class Union:
    """The pages that some blocks cover together."""

    def __init__(self, blocks):
        self.runs = []
        for first, last in sorted(blocks):
            if self.runs and first <= self.runs[-1][1] + 1:
                self.runs[-1][1] = max(self.runs[-1][1], last)
            else:
                self.runs.append([first, last])

    def has(self, first, last):
        """Is every one of these pages in it?"""
        return any(a <= first and last <= b for a, b in self.runs)


def wanted_pages(entry):
    """The pages that an entry asks for, cut at the end of the address space
    (AUD-7); None for none."""
    addr, npages, _, _ = entry
    if npages == R.U64_MAX and addr == 0:
        return 0, R.PAGE_MAX
    if npages == 0:
        return None
    first = addr // R.PAGE
    return first, min(first + npages - 1, R.PAGE_MAX)
