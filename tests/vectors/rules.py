# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The rules of docs/spec.md, once more, as plain Python.

This is the oracle of the test data: written from the rules and from the VT-d
specification, not from the C code, and with no regard to speed. Ids in
comments are those of docs/spec.md.
"""

U64 = 1 << 64
U64_MAX = U64 - 1
PAGE = 4096
PAGES = 1 << 52  # pages of a 64-bit address space
PAGE_MAX = PAGES - 1

CHUNK = 32  # entries that are submitted together
BATCH = 64  # invalidation descriptors per submission (ENC-4)

LEAF = 1
ICE, ITE = 1, 2

AM_MAX = 52


# ------------------------------------------------------------------- audit

class Refused(Exception):
    """An input breaks a rule."""

    def __init__(self, errno, rule):
        super().__init__(errno, rule)
        self.errno = errno
        self.rule = rule


class Request:
    """An audited entry: pages first to last, all of them, or none."""

    def __init__(self, reach, first=0, last=0, leaf=False):
        self.reach = reach
        self.first = first
        self.last = last
        self.leaf = leaf


def canonical(first, last, va_bits):
    """Are the pages first to last in one half of the canonical space?"""
    half = 1 << (va_bits - 1 - 12)
    return last < half or first >= PAGES - half


def audit(entry, revision="linux", policy="compatible", va_bits=48):
    """An entry becomes a Request, or Refused is raised (AUD-5: in order)."""
    addr, npages, flags, word = entry
    if flags & ~LEAF:
        raise Refused("EOPNOTSUPP", "AUD-1")
    if revision == "linux" and word:
        raise Refused("EOPNOTSUPP", "AUD-2")
    if addr % PAGE:
        raise Refused("EINVAL", "AUD-3")
    leaf = bool(flags & LEAF)
    if npages == U64_MAX:
        if addr:
            raise Refused("EINVAL", "AUD-4")
        return Request("all", 0, PAGE_MAX, leaf)  # AUD-11
    first = addr // PAGE
    last = first + npages - 1
    if policy == "strict":
        if npages == 0:
            raise Refused("EINVAL", "AUD-8")
        if last > PAGE_MAX:
            raise Refused("EINVAL", "AUD-9")
        if not canonical(first, last, va_bits):
            raise Refused("EINVAL", "AUD-10")
    if npages == 0:
        return Request("nothing", leaf=leaf)  # AUD-6
    return Request("range", first, min(last, PAGE_MAX), leaf)  # AUD-7


# ------------------------------------------------------------------- cover

def smallest_block(first, last):
    """The smallest aligned power of two of pages that holds both pages."""
    order = 0
    while first >> order != last >> order:
        order += 1
    return first >> order << order, order


def cover_two(first, last):
    """At most two blocks, fewer than twice the pages (COV-3, COV-4)."""
    base, order = smallest_block(first, last)
    if order == 0 or (base == first and last - first + 1 == 1 << order):
        return [(base, order)]
    middle = base + (1 << (order - 1))  # the best-aligned point of the range
    left = smallest_block(first, middle - 1)
    right = smallest_block(middle, last)
    if left[1] == right[1] == order - 1:
        return [(base, order)]  # two halves of one block are that block
    return [left, right]


def cover_exact(first, last):
    """The fewest blocks that hold no other page (COV-5)."""
    blocks = []
    while first <= last:
        order = 0
        while (first % (2 << order) == 0
               and first + (2 << order) - 1 <= last):
            order += 1
        blocks.append((first, order))
        first += 1 << order
    return blocks


def cover(request, how="two"):
    """The blocks (first page, order) of a request, ascending."""
    if request.reach == "nothing":
        return []
    if request.reach == "all":
        return [(0, 52)]  # COV-6
    if how == "exact":
        return cover_exact(request.first, request.last)
    return cover_two(request.first, request.last)


# -------------------------------------------------------------- descriptors

# VT-d 6.5.2: type, fields as (name, quadword, lowest bit, width).
LAYOUT = {
    0x1: [("g", 0, 4, 2), ("did", 0, 16, 16), ("sid", 0, 32, 16),
          ("fm", 0, 48, 2)],
    0x2: [("g", 0, 4, 2), ("dw", 0, 6, 1), ("dr", 0, 7, 1),
          ("did", 0, 16, 16), ("am", 1, 0, 6), ("ih", 1, 6, 1),
          ("addr", 1, 12, 52)],
    0x3: [("pfsid_lo", 0, 12, 4), ("mip", 0, 16, 5), ("sid", 0, 32, 16),
          ("pfsid_hi", 0, 52, 12), ("s", 1, 0, 1), ("addr", 1, 12, 52)],
    0x4: [("g", 0, 4, 1), ("im", 0, 27, 5), ("iidx", 0, 32, 16)],
    0x5: [("if", 0, 4, 1), ("sw", 0, 5, 1), ("fn", 0, 6, 1),
          ("pd", 0, 7, 1), ("data", 0, 32, 32), ("addr", 1, 2, 62)],
    0x6: [("g", 0, 4, 2), ("did", 0, 16, 16), ("pasid", 0, 32, 20),
          ("am", 1, 0, 6), ("ih", 1, 6, 1), ("addr", 1, 12, 52)],
    0x7: [("g", 0, 4, 2), ("did", 0, 16, 16), ("pasid", 0, 32, 20)],
    0x8: [("mip", 0, 4, 5), ("pfsid_lo", 0, 12, 4), ("sid", 0, 16, 16),
          ("pasid", 0, 32, 20), ("pfsid_hi", 0, 52, 12), ("gi", 1, 0, 1),
          ("s", 1, 11, 1), ("addr", 1, 12, 52)],
    0x9: [("pp", 0, 4, 1), ("rc", 0, 12, 4), ("sid", 0, 16, 16),
          ("pasid", 0, 32, 20), ("prgi", 1, 3, 9)],
    0xa: [("g", 0, 4, 2), ("did", 0, 16, 16), ("am", 1, 0, 6),
          ("ih", 1, 6, 2), ("addr", 1, 12, 52)],
}

# The width of a field as a caller names it, and the low bits an address lacks.
WIDTH = {"pfsid": 16}
UNIT = {(0x5, "addr"): 2}


def field_names(dtype):
    """The fields of a type as callers name them: PFSID is one."""
    names = []
    for name, _, _, _ in LAYOUT[dtype]:
        name = "pfsid" if name.startswith("pfsid") else name
        if name not in names:
            names.append(name)
    return names


def encode(dtype, **fields):
    """The four quadwords of a descriptor; ValueError for what does not fit."""
    if dtype not in LAYOUT or dtype == 0xa:
        raise ValueError("no such type")
    qw = [dtype, 0, 0, 0]
    for name, word, lsb, width in LAYOUT[dtype]:
        if name == "pfsid_lo":
            value = fields.get("pfsid", 0) & 0xf
        elif name == "pfsid_hi":
            value = fields.get("pfsid", 0) >> 4
        else:
            value = fields.get(name, 0)
        if name == "addr":
            low = UNIT.get((dtype, "addr"), 12)
            if value % (1 << low):
                raise ValueError("address has low bits")
            value >>= low
        if value >> width:
            raise ValueError(name + " does not fit")
        qw[word] |= value << lsb
    return qw


def device_addr(first, order):
    """ADDR and S of types 3 and 8: the lowest zero bit of ADDR is the size."""
    if order == 0:
        return first * PAGE, 0
    low = (1 << (order - 1)) - 1  # ones below the zero bit
    return (first + low) * PAGE, 1


# ------------------------------------------------------------------ decode

BAD_TYPE, BAD_MODE, BAD_RESERVED, BAD_G, BAD_AM = 1, 2, 4, 8, 16

# Granularities that are defined (VT-d 6.5.2.1 to .8).
GRANULARITY = {0x1: (1, 2, 3), 0x2: (1, 2, 3), 0x4: (0, 1), 0x6: (2, 3),
               0x7: (0, 1, 3), 0xa: (1, 2, 3)}


def type_of(qw0):
    """The seven bits of the type, which stand in two places."""
    return (qw0 & 0xf) | (qw0 >> 9 & 7) << 4


def allowed(dtype, ttm, wide):
    """VT-d table 26."""
    if ttm == "legacy":
        return dtype <= 5
    return ttm in ("scalable", "abort") and wide


def enumerated(dtype, mode):
    """Does the receiver have the feature that the type belongs to?"""
    if dtype in (0x3, 0x8):
        return mode["dt"]
    if dtype == 0x9:
        return mode["prs"]
    if dtype == 0xa:
        return mode["hpts"]
    return True


def reserved_masks(dtype, mode):
    """Bits of each quadword that must be zero."""
    used = [0xe0f, 0, 0, 0]  # the type itself
    for name, word, lsb, width in LAYOUT[dtype]:
        if name.startswith("pfsid") and not mode["dit"]:
            continue
        if name == "pd" and not mode["pds"]:
            continue
        used[word] |= ((1 << width) - 1) << lsb
    if dtype == 0x9:
        used[1] |= 4  # ignored since revision 5.10
    masks = [U64_MAX & ~u for u in used]
    if not mode["wide"]:
        masks[2:] = [0, 0]  # a 128-bit queue has no such quadwords
    return masks


def decode(qw, mode):
    """(type, fields, violations, reserved bits that are set)."""
    dtype = type_of(qw[0])
    if dtype not in LAYOUT:
        return dtype, {}, BAD_TYPE, [0, 0, 0, 0]
    fields = {}
    for name, word, lsb, width in LAYOUT[dtype]:
        value = qw[word] >> lsb & ((1 << width) - 1)
        if name == "pfsid_lo":
            fields["pfsid"] = value
        elif name == "pfsid_hi":
            fields["pfsid"] |= value << 4
        elif name == "addr":
            fields["addr"] = value << UNIT.get((dtype, "addr"), 12)
        else:
            fields[name] = value
    bad = 0
    if not enumerated(dtype, mode):
        bad |= BAD_TYPE
    if not allowed(dtype, mode["ttm"], mode["wide"]):
        bad |= BAD_MODE
    set_bits = [q & m for q, m in zip(qw, reserved_masks(dtype, mode))]
    if any(set_bits):
        bad |= BAD_RESERVED
    if dtype in GRANULARITY and fields["g"] not in GRANULARITY[dtype]:
        bad |= BAD_G
    if fields.get("g") == 3 and fields.get("am", 0) > AM_MAX:
        bad |= BAD_AM  # ignored unless page-selective
    return dtype, fields, bad, set_bits


# --------------------------------------------------------------- submission

class Descriptor:
    """One invalidation descriptor and the entry that it serves."""

    def __init__(self, qw, entry, sid=None, again=False):
        self.qw = qw
        self.entry = entry
        self.sid = sid  # device-TLB descriptors only
        self.again = again  # the second of two (ENC-8)


def iotlb_desc(unit, target, request, block):
    """Type 6 for a block (COV-6, COV-7, ENC-9)."""
    first, order = block
    who = {"did": unit["did"], "pasid": target["pasid"]}
    if order > min(unit.get("amMax", AM_MAX), AM_MAX - 1):
        return encode(0x6, g=2, **who)
    return encode(0x6, g=3, am=order, ih=int(request.leaf),
                  addr=first * PAGE, **who)


def device_desc(unit, target, block):
    """Type 3 through RID_PASID, type 8 through another PASID (ENC-6)."""
    addr, size = device_addr(*block)
    mip = target.get("mip", 0)
    fields = {"sid": target["sid"], "addr": addr, "s": size,
              "mip": 0 if mip >= 32 else mip}  # ENC-12
    if unit.get("dit", True):
        fields["pfsid"] = target.get("pfsid", target["sid"])  # ENC-7
    if target["pasid"] == 0:
        return encode(0x3, **fields)
    return encode(0x8, pasid=target["pasid"], **fields)


def stream(unit, requests, how="two"):
    """All invalidation descriptors of a chunk on a unit, in order (ENC-2).

    requests: (index of the entry, Request) each.
    """
    iotlb, device = [], []
    for target in unit["targets"]:
        for index, request in requests:
            for block in cover(request, how):
                if target["cache"] == "iotlb":
                    qw = iotlb_desc(unit, target, request, block)
                    iotlb.append(Descriptor(qw, index))
                    if block[1] > unit.get("amMax", AM_MAX):
                        break  # that was everything (COV-7)
                elif unit.get("te", True):  # ENC-11
                    qw = device_desc(unit, target, block)
                    times = 2 if target.get("twice", False) else 1  # ENC-8
                    device += [Descriptor(qw, index, target["sid"], again > 0)
                               for again in range(times)]
    return iotlb + device


def submissions(descriptors):
    """Cut a stream into submissions of at most BATCH (ENC-4, ENC-8)."""
    cut = []
    while descriptors:
        end = min(BATCH, len(descriptors))
        if end < len(descriptors) and descriptors[end].again:
            end -= 1
        cut.append(descriptors[:end])
        descriptors = descriptors[end:]
    return cut


def needs_fence(submission):
    """Both kinds are in it: the fence stands between (ENC-3)."""
    return 0 < sum(d.sid is None for d in submission) < len(submission)


def streams(unit, requests, how="two", blame="all"):
    """The submissions of a chunk on a unit; REP-13 for "single"."""
    groups = [[r] for r in requests] if blame == "single" else [requests]
    return [s for g in groups for s in submissions(stream(unit, g, how))]
