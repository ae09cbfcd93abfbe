# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A small implementation of audit, cover and encoder, from docs/spec.md."""

ALL = 2**64 - 1  # npages of the full flush
PAGES = 2**52    # of the address space


class Refused(Exception):
    """With an errno, and the rule that was broken"""


def audit(entry, revision, policy, va_bits):
    """(reach, first page, last page) of an entry: AUD-1 to AUD-11."""
    addr, npages, flags, last_word = entry
    if flags > 1:
        raise Refused("EOPNOTSUPP", "AUD-1")
    if revision == "linux" and last_word:
        raise Refused("EOPNOTSUPP", "AUD-2")
    if addr & 0xfff:
        raise Refused("EINVAL", "AUD-3")
    if npages == ALL:
        if addr:
            raise Refused("EINVAL", "AUD-4")
        return "all", 0, PAGES - 1
    first, end = addr >> 12, (addr >> 12) + npages
    if policy == "strict":
        if not npages:
            raise Refused("EINVAL", "AUD-8")
        if end > PAGES:
            raise Refused("EINVAL", "AUD-9")
        half = 2 ** (va_bits - 13)
        if end > half and first < PAGES - half:
            raise Refused("EINVAL", "AUD-10")
    return ("range" if npages else "nothing"), first, min(end, PAGES) - 1


def block(first, last):
    """The smallest aligned block with both pages, as [first page, order]."""
    order = (first ^ last).bit_length()
    return [first >> order << order, order]


def cover(reach, first, last, how):
    """The blocks of a request: COV-2 to COV-6."""
    if reach == "nothing":
        return []
    whole = block(first, last)
    if whole[1] == 0 or last - first + 1 == 1 << whole[1]:
        return [whole]
    middle = whole[0] + (1 << whole[1] - 1)
    if how == "exact":
        return (cover("range", first, middle - 1, how)
                + cover("range", middle, last, how))
    parts = [block(first, middle - 1), block(middle, last)]
    halves = parts[0][1] == parts[1][1] == whole[1] - 1
    return [whole] if halves else parts


# (field, its lowest bit in the descriptor, bits, lowest bit of the value)
DID, PASID, SID = ("did", 16, 16, 0), ("pasid", 32, 20, 0), ("sid", 16, 16, 0)
G, PAGE = ("g", 4, 2, 0), ("addr", 76, 52, 12)
MASK = [("am", 64, 6, 0), ("ih", 70, 1, 0), PAGE]
PFSID = [("pfsid", 12, 4, 0), ("pfsid", 52, 12, 4)]
LAYOUT = {
    "cc": [G, DID, ("sid", 32, 16, 0), ("fm", 48, 2, 0)],
    "iotlb": [G, ("dw", 6, 1, 0), ("dr", 7, 1, 0), DID, *MASK],
    "devtlb": [("mip", 16, 5, 0), ("sid", 32, 16, 0), *PFSID,
               ("s", 64, 1, 0), PAGE],
    "iec": [("g", 4, 1, 0), ("im", 27, 5, 0), ("iidx", 32, 16, 0)],
    "wait": [("if", 4, 1, 0), ("sw", 5, 1, 0), ("fn", 6, 1, 0),
             ("pd", 7, 1, 0), ("data", 32, 32, 0), ("addr", 66, 62, 2)],
    "piotlb": [G, DID, PASID, *MASK],
    "pc": [G, DID, PASID],
    "pdevtlb": [("mip", 4, 5, 0), *PFSID, SID, PASID, ("gi", 64, 1, 0),
                ("s", 75, 1, 0), PAGE],
    "pgresp": [("pp", 4, 1, 0), ("rc", 12, 4, 0), SID, PASID,
               ("prgi", 67, 9, 0)],
}


def encode(kind, fields):
    """The four quadwords of a descriptor: ENC-1."""
    if kind not in LAYOUT:
        raise Refused("EINVAL", "ENC-1")
    bits, rest = list(LAYOUT).index(kind) + 1, dict(fields)
    for name, at, width, low in LAYOUT[kind]:
        part = (fields.get(name, 0) >> low) & ((1 << width) - 1)
        bits |= part << at
        rest[name] = rest.get(name, 0) - (part << low)
    if any(rest[name] for name, *_ in LAYOUT[kind]):
        raise Refused("EINVAL", "ENC-1")  # something was left over
    return [bits >> 64 * i & ALL for i in range(4)]
