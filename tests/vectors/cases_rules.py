# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The steps by themselves: audit, cover, encode, decode."""

import rules as R
from rules import U64_MAX
from build import File, KEYS, entry


def files():
    """All of them."""
    return [audits(), covers(), encodes(), decodes()]


# ------------------------------------------------------------------- audit

LAST_PAGE = 0xfffffffffffff000

# Refused under every policy, in the order in which the checks are made.
REFUSED = [
    ("flag bit 1", ("EOPNOTSUPP", "AUD-1"), entry(0x1000, 1, 2)),
    ("flag bit 31", ("EOPNOTSUPP", "AUD-1"), entry(0x1000, 1, 1 << 31)),
    ("all flags", ("EOPNOTSUPP", "AUD-1"), entry(0x1000, 1, 0xffffffff)),
    ("flags before last word and alignment", ("EOPNOTSUPP", "AUD-1"),
     entry(0x1001, U64_MAX, 4, hwError=1)),
    ("address 1", ("EINVAL", "AUD-3"), entry(1, 1)),
    ("address bit 11", ("EINVAL", "AUD-3"), entry(0x40000800, 1)),
    ("last byte of the address space", ("EINVAL", "AUD-3"),
     entry(U64_MAX, 1)),
    ("alignment before npages 0", ("EINVAL", "AUD-3"), entry(0x123, 0)),
    ("alignment before full-flush form", ("EINVAL", "AUD-3"),
     entry(0x800, U64_MAX)),
    ("full flush at page 1", ("EINVAL", "AUD-4"), entry(0x1000, U64_MAX)),
    ("full flush at the last page", ("EINVAL", "AUD-4"),
     entry(LAST_PAGE, U64_MAX)),
    ("full flush whose low half of the address is 0", ("EINVAL", "AUD-4"),
     entry(1 << 32, U64_MAX)),
]

# Accepted under every policy and width.
ACCEPTED = [
    ("first page", "range", entry(0, 1)),
    ("a range", "range", entry(0x40000000, 512)),
    ("a range, LEAF", "range", entry(0x40000000, 512, 1)),
    ("last page", "range", entry(LAST_PAGE, 1)),
    ("full flush", "all", entry(0, U64_MAX)),
    ("full flush, LEAF", "all", entry(0, U64_MAX, 1)),
    ("npages 2^32-1 at 0", "range", entry(0, (1 << 32) - 1)),
    ("highest page of the lower half, 48 bits", "range",
     entry(0x7ffffffff000, 1)),
    ("lowest page of the upper half, 48 bits", "range",
     entry(0xffff800000000000, 1)),
    ("the whole lower half, 48 bits", "range", entry(0, 1 << 35)),
    ("the whole upper half, 48 bits", "range",
     entry(0xffff800000000000, 1 << 35)),
]

# The strict policy alone refuses these: rule with 48 bits, with 57 bits.
STRICT = [
    ("npages 0 at 0", "nothing", "AUD-8", "AUD-8", entry(0, 0)),
    ("npages 0, LEAF", "nothing", "AUD-8", "AUD-8", entry(0x5000, 0, 1)),
    ("npages 0 at the last page", "nothing", "AUD-8", "AUD-8",
     entry(LAST_PAGE, 0)),
    ("npages 0 and not canonical", "nothing", "AUD-8", "AUD-8",
     entry(0x800000000000, 0)),
    ("one page past the end", "range", "AUD-9", "AUD-9",
     entry(LAST_PAGE, 2)),
    ("2^64 bytes and a page", "range", "AUD-9", "AUD-9",
     entry(0, (1 << 52) + 1)),
    ("2^64 bytes from page 1", "range", "AUD-9", "AUD-9",
     entry(0x1000, 1 << 52)),
    ("2^53 pages", "range", "AUD-9", "AUD-9", entry(0, 1 << 53)),
    ("2^63 pages", "range", "AUD-9", "AUD-9", entry(0, 1 << 63)),
    ("one page less than the full-flush value", "range", "AUD-9", "AUD-9",
     entry(0, U64_MAX - 1)),
    ("one less, not at 0", "range", "AUD-9", "AUD-9",
     entry(0x1000, U64_MAX - 1)),
    ("past the end before not canonical", "range", "AUD-9", "AUD-9",
     entry(0x800000000000, 1 << 52)),
    ("2^64 bytes", "range", "AUD-10", "AUD-10", entry(0, 1 << 52)),
    ("2^64 bytes but one page", "range", "AUD-10", "AUD-10",
     entry(0, (1 << 52) - 1)),
    ("both halves and the hole between them", "range", "AUD-10", "AUD-10",
     entry(0x1000, (1 << 52) - 1)),
    ("first page of the hole, 48 bits", "range", "AUD-10", None,
     entry(0x800000000000, 1)),
    ("last page of the hole, 48 bits", "range", "AUD-10", None,
     entry(0xffff7ffffffff000, 1)),
    ("from the lower half into the hole, 48 bits", "range", "AUD-10", None,
     entry(0x7ffffffff000, 2)),
    ("from the hole into the upper half, 48 bits", "range", "AUD-10", None,
     entry(0xffff7ffffffff000, 2)),
    ("last page of the lower half, 57 bits", "range", "AUD-10", None,
     entry(0x00fffffffffff000, 1)),
    ("first page of the upper half, 57 bits", "range", "AUD-10", None,
     entry(0xff00000000000000, 1)),
    ("first page of the hole, 57 bits", "range", "AUD-10", "AUD-10",
     entry(0x0100000000000000, 1)),
    ("last page of the hole, 57 bits", "range", "AUD-10", "AUD-10",
     entry(0xfefffffffffff000, 1)),
    ("from the lower half into the hole, 57 bits", "range", "AUD-10",
     "AUD-10", entry(0x00fffffffffff000, 2)),
    ("bit 63 alone", "range", "AUD-10", "AUD-10", entry(1 << 63, 1)),
]


def audits():
    """Every check, in both revisions and under both policies."""
    f = File("audit.json", "An entry becomes a request, or is refused.")
    f.note("Refused", "MISSING_CHECK", "Refused under every policy.",
           ["AUD-1", "AUD-3", "AUD-4", "AUD-5"], ["M8", "I10"])
    f.note("LastWord", "ABI",
           "The last word: reserved in linux, an output in v8.", ["AUD-2"],
           ["R8", "I4"])
    f.note("Accepted", "BASIC", "Accepted under every policy.", ["AUD-11"],
           ["M8"])
    f.note("StrictOnly", "WRONG_RANGE",
           "The compatible policy takes it, the strict one does not.",
           ["AUD-6", "AUD-7", "AUD-8", "AUD-9", "AUD-10"],
           ["I9", "I10", "S4"])
    for revision in ("linux", "v8"):
        for policy, bits in (("compatible", 48), ("strict", 48),
                             ("strict", 57)):
            g = f.group("Audit", "%s, %s, %d bits" % (revision, policy, bits),
                        revision=revision, audit=policy, vaBits=bits)
            audit_group(g, revision, policy, bits)
    return f


def audit_group(g, revision, policy, bits):
    """One configuration."""
    for comment, want, bad in REFUSED:
        g.audit(comment, want, bad, ["Refused"], [want[1], "AUD-5"])
    for comment, bad in (("last word 1", entry(0x1000, 1, 0, hwError=1)),
                         ("last word, highest bit",
                          entry(0x1000, 1, 0, hwError=1 << 31)),
                         ("last word before alignment",
                          entry(0x1001, 1, 0, hwError=2))):
        want = ("EOPNOTSUPP", "AUD-2")
        if revision == "v8":
            want = "range" if bad["addr"] == 0x1000 else ("EINVAL", "AUD-3")
        g.audit(comment, want, bad, ["LastWord"], ["AUD-2", "AUD-5"])
    for comment, reach, good in ACCEPTED:
        g.audit(comment, reach, good, ["Accepted"],
                ["AUD-11"] if reach == "all" else [])
    for comment, reach, rule48, rule57, given in STRICT:
        rule = rule48 if bits == 48 else rule57
        want = ("EINVAL", rule) if policy == "strict" and rule else reach
        rules = [rule] if isinstance(want, tuple) else []
        if policy == "compatible":
            rules = ["AUD-6"] if reach == "nothing" else ["AUD-7"]
        g.audit(comment, want, given, ["StrictOnly"], rules)


# ------------------------------------------------------------------- cover

def covers():
    """Blocks of aligned, unaligned, straddling and huge requests."""
    f = File("cover.json", "A request becomes aligned powers of two of pages.")
    f.note("Aligned", "WRONG_RANGE",
           "An aligned power of two is one block.", ["COV-2", "COV-4"],
           ["M11", "M12"])
    f.note("Straddle", "WRONG_RANGE",
           "The range crosses a boundary of high alignment: Linux flushes"
           " up to 2^36 pages for two.", ["COV-3", "COV-4"],
           ["I8", "M9", "M11"])
    f.note("Unaligned", "WRONG_RANGE", "The range begins or ends anywhere.",
           ["COV-1", "COV-3", "COV-4"], ["I8", "M9", "M11", "M12"])
    f.note("Siblings", "WRONG_RANGE",
           "The two blocks are the halves of one, which is sent instead.",
           ["COV-4"])
    f.note("Everything", "WRONG_RANGE", "All of the 2^52 pages.", ["COV-6"],
           ["M10", "M14", "M17", "S4"])
    f.note("Nothing", "WRONG_RANGE", "npages 0 has no block.", ["AUD-6"],
           ["I9"])
    f.note("Exact", "WRONG_RANGE", "No page that was not asked for.",
           ["COV-5"], ["I8"])
    g = f.group("Cover", "at most two blocks")
    for order in range(52):
        g.cover("2^%d pages, aligned" % order, 3 << order + 12 & U64_MAX,
                1 << order, "two", None, ["Aligned"], ["COV-2", "COV-4"])
    for order in range(1, 52):
        edge = 1 << order
        g.cover("two pages across 2^%d pages" % order, (edge - 1) * 4096, 2,
                "two", [(edge - 1, 0), (edge, 0)], ["Straddle"],
                ["COV-3", "COV-4"])
    cover_shapes(g)
    cover_everything(g)
    g = f.group("Cover", "exact")
    for comment, first, count in SHAPES:
        g.cover(comment, first * 4096, count, "exact", None, ["Exact"],
                ["COV-1", "COV-5"])
    g.cover("all pages but the first: 52 blocks", 4096, (1 << 52) - 1,
            "exact", [(1 << i, i) for i in range(52)], ["Exact"], ["COV-5"])
    g.cover("all but the first and the last: 102 blocks", 4096,
            (1 << 52) - 2, "exact", None, ["Exact"], ["COV-5"])
    g.cover("2^52 pages", 0, 1 << 52, "exact", [(0, 52)], ["Everything"],
            ["COV-5", "COV-6"])
    g.cover("the full flush", 0, U64_MAX, "exact", [(0, 52)], ["Everything"],
            ["COV-6"])
    g.cover("npages 0", 0x5000, 0, "exact", [], ["Nothing"], ["AUD-6"])
    return f


SHAPES = [("pages %d to %d" % (a, b), a, b - a + 1)
          for a in range(8) for b in range(a, 16)
          if (a, b) in ((0, 2), (1, 3), (1, 6), (1, 7), (0, 6), (2, 5),
                        (3, 4), (3, 12), (1, 14), (5, 10), (7, 8), (2, 9),
                        (0, 8), (7, 15), (1, 1), (6, 6))]
SHAPES += [
    ("a 2 MiB page and a 4 KiB page before it", 511, 513),
    ("a 2 MiB page and a 4 KiB page behind it", 512, 513),
    ("a 2 MiB page with one 4 KiB page on either side", 511, 514),
    ("2 MiB, not aligned", 513, 512),
    ("1 GiB, off by one page", 262145, 262144),
    ("1 GiB and a page", 262144, 262145),
    ("1 GiB, off by 2 MiB", 262144 + 512, 262144),
    ("five 2 MiB pages", 512 * 3, 512 * 5),
]


def cover_shapes(g):
    """Unaligned requests."""
    for comment, first, count in SHAPES:
        blocks = R.cover_two(first, first + count - 1)
        power = count & (count - 1) == 0 and first % count == 0
        flag = "Aligned" if power else "Unaligned"
        if len(blocks) == 1 and not power:
            flag = "Siblings"
        g.cover(comment, first * 4096, count, "two", None, [flag],
                ["COV-1", "COV-3", "COV-4"])


def cover_everything(g):
    """The end of the address space."""
    last = (1 << 52) - 1
    for comment, addr, npages, want in (
            ("the full flush", 0, U64_MAX, [(0, 52)]),
            ("2^52 pages", 0, 1 << 52, [(0, 52)]),
            ("2^52 + 1 pages", 0, (1 << 52) + 1, [(0, 52)]),
            ("2^64 - 2 pages", 0, U64_MAX - 1, [(0, 52)]),
            ("2^52 - 1 pages from 0", 0, last, [(0, 52)]),
            ("2^52 pages from page 1, cut off", 4096, 1 << 52, [(0, 52)]),
            ("upper half, cut off", 1 << 63, 1 << 63, [(1 << 51, 51)]),
            ("upper half and a page", (1 << 63) - 4096, 1 << 52,
             [((1 << 51) - 1, 0), (1 << 51, 51)]),
            ("the last page", last * 4096, 1, [(last, 0)]),
            ("the last page, cut off", last * 4096, 77, [(last, 0)])):
        g.cover(comment, addr, npages, "two", want, ["Everything"],
                ["AUD-7", "COV-1", "COV-6"])
    g.cover("npages 0 at 0", 0, 0, "two", [], ["Nothing"], ["AUD-6"])
    g.cover("npages 0", 0x5000, 0, "two", [], ["Nothing"], ["AUD-6"])


# ------------------------------------------------------------------ encode

# Worked out from the specification's figures.
KNOWN = [
    ("CC global", "cc", (0x11, 0), {"g": 1}),
    ("CC domain 5", "cc", (0x50021, 0), {"g": 2, "did": 5}),
    ("IOTLB global, both drains", "iotlb", (0xd2, 0),
     {"g": 1, "dr": 1, "dw": 1}),
    ("IOTLB domain 5, both drains", "iotlb", (0x500e2, 0),
     {"g": 2, "did": 5, "dr": 1, "dw": 1}),
    ("device TLB, VF 0x308 of PF 0x300, one page", "devtlb",
     (0x0300030800080003, 0x40000000),
     {"sid": 0x308, "pfsid": 0x300, "mip": 8, "addr": 0x40000000}),
    ("the same, 512 pages", "devtlb", (0x0300030800080003, 0x400ff001),
     {"sid": 0x308, "pfsid": 0x300, "mip": 8, "addr": 0x400ff000, "s": 1}),
    ("IEC global", "iec", (0x4, 0), {}),
    ("wait, SW", "wait", (0x200000025, 0x1000),
     {"sw": 1, "data": 2, "addr": 0x1000}),
    ("wait, SW and FN", "wait", (0x200000065, 0x1000),
     {"sw": 1, "fn": 1, "data": 2, "addr": 0x1000}),
    ("wait, FN only", "wait", (0x45, 0), {"fn": 1}),
    ("PASID IOTLB, PASID-selective", "piotlb", (0x50026, 0),
     {"g": 2, "did": 5}),
    ("PASID IOTLB, page-selective, AM 9, IH", "piotlb",
     (0x0001234500050036, 0x40000049),
     {"g": 3, "did": 5, "pasid": 0x12345, "addr": 0x40000000, "am": 9,
      "ih": 1}),
    ("PC domain 5", "pc", (0x50007, 0), {"did": 5}),
    ("PC global", "pc", (0x37, 0), {"g": 3}),
    ("PASID device TLB, one page", "pdevtlb",
     (0x0301234503080088, 0x40000000),
     {"sid": 0x308, "pfsid": 0x300, "mip": 8, "pasid": 0x12345,
      "addr": 0x40000000}),
    ("the same, full range", "pdevtlb",
     (0x0301234503080088, 0x7ffffffffffff800),
     {"sid": 0x308, "pfsid": 0x300, "mip": 8, "pasid": 0x12345,
      "addr": 0x7ffffffffffff000, "s": 1}),
]

# order: ADDR; S is 1 but for order 0
SIZES = [(0, 0x40000000, 0x40000000), (1, 0x40000000, 0x40000000),
         (2, 0x40000000, 0x40001000), (3, 0x40000000, 0x40003000),
         (9, 0x40000000, 0x400ff000), (18, 0x40000000, 0x5ffff000),
         (30, 0, 0x1fffffff000), (51, 0, 0x3ffffffffffff000),
         (52, 0, 0x7ffffffffffff000)]

HOLDER = {"did": 16, "sid": 16, "pfsid": 16, "iidx": 16, "prgi": 16,
          "pasid": 32, "data": 32, "addr": 64}


def width(dtype, name):
    """Bits of a field as a caller names it."""
    if name == "pfsid":
        return 16
    return {n: w for n, _, _, w in R.LAYOUT[dtype]}[name]


def encodes():
    """Known descriptors, sizes, and the bounds of every field."""
    f = File("encode.json", "Fields become a descriptor, bit by bit.")
    f.note("Known", "WRONG_ENCODING",
           "Descriptors worked out from the specification's figures.",
           ["ENC-1"], ["M13", "M15", "M16", "M18"])
    f.note("Size", "WRONG_ENCODING",
           "The lowest zero bit of ADDR tells the size.", ["ENC-1"],
           ["M9", "M11", "M14"])
    f.note("Largest", "WRONG_ENCODING",
           "One field has all of its bits set: it touches no other.",
           ["ENC-1"], ["M13", "M19"])
    f.note("TooLarge", "MISSING_CHECK",
           "A value that does not fit is refused, not cut off.", ["ENC-1"],
           ["M18", "M19"])
    g = f.group("Encode", "known descriptors")
    for comment, dtype, want, fields in KNOWN:
        g.encode(comment, dtype, want, ["Known"], ["ENC-1"], **fields)
    g = f.group("Encode", "sizes of device-TLB ranges")
    for order, base, addr in SIZES:
        size = int(order > 0)
        assert R.device_addr(base >> 12, order) == (addr, size)
        for dtype, bit, qw0 in (("devtlb", 0, 0x30800000003),
                                ("pdevtlb", 11, 0x0000000103080008)):
            more = {"pasid": 1} if dtype == "pdevtlb" else {}
            g.encode("%s, order %d" % (dtype, order), dtype,
                     (qw0, addr | size << bit), ["Size"], ["ENC-1"],
                     sid=0x308, addr=addr, s=size, **more)
    g = f.group("Encode", "bounds of every field")
    for dtype in range(1, 10):
        for name in R.field_names(dtype):
            encode_bounds(g, dtype, name)
    for dtype in ("hpt", 0, 11, 15, 16, 0x16, 255):
        g.encode("type %s is not encoded" % dtype, dtype, "EINVAL",
                 ["TooLarge"], ["ENC-1"])
    return f


def encode_bounds(g, dtype, name):
    """All ones in a field, and the first value that is too large for it."""
    key, bits = KEYS[dtype], width(dtype, name)
    low = R.UNIT.get((dtype, name), 12) if name == "addr" else 0
    g.encode("%s, largest %s" % (key, name), key, None, ["Largest"],
             ["ENC-1"], **{name: ((1 << bits) - 1) << low})
    if low:
        for bit in (0, low - 1):
            g.encode("%s, addr with bit %d" % (key, bit), key, "EINVAL",
                     ["TooLarge"], ["ENC-1"], addr=0x40000000 | 1 << bit)
    elif bits < HOLDER.get(name, 8):
        g.encode("%s, %s too large" % (key, name), key, "EINVAL",
                 ["TooLarge"], ["ENC-1"], **{name: 1 << bits})


# ------------------------------------------------------------------ decode

# A valid descriptor of each type, in a receiver that has everything.
VALID = {
    1: (0x0003030800050031, 0), 2: (0x500f2, 0x40000049),
    3: (0x0300030800080003, 0x400ff001), 4: (0x1234f8000014, 0),
    5: (0x2000000f5, 0x1000), 6: (0x0001234500050036, 0x40000049),
    7: (0x0001234500050017, 0), 8: (0x0301234503080088, 0x400ff800),
    9: (0x0001234503081019, 0xff8), 10: (0x5003a, 0x40000089),
}

# VT-d 6.5.2: bits that must be 0 with DIT and PDS, and without.
MASKS = {
    1: (0xfffc00000000f1c0, U64_MAX), 2: (0xffffffff0000f100, 0xf80),
    3: (0x000f0000ffe001f0, 0xffe), 4: (0xffff000007fff1e0, U64_MAX),
    5: (0xfffff100, 0x3), 6: (0xfff000000000f1c0, 0xf80),
    7: (0xfff000000000f1c0, U64_MAX), 8: (0, 0x7fe),
    9: (0xfff00000000001e0, 0xfffffffffffff003),
    10: (0xffffffff0000f1c0, 0xf00),
}
WITHOUT = {3: ("dit", (0xffff0000ffe0f1f0, 0xffe)),
           5: ("pds", (0xfffff180, 0x3)),
           8: ("dit", (0xfff000000000f000, 0x7fe))}
FULL = {"ttm": "scalable", "wide": True, "dt": True, "dit": True,
        "pds": True, "prs": True, "hpts": True}


def check_masks():
    """The table of masks and the layout say the same."""
    for dtype, masks in MASKS.items():
        assert tuple(R.reserved_masks(dtype, FULL)[:2]) == masks, dtype
    for dtype, (key, masks) in WITHOUT.items():
        mode = {**FULL, key: False}
        assert tuple(R.reserved_masks(dtype, mode)[:2]) == masks, dtype


def decodes():
    """Valid descriptors and every kind of violation."""
    check_masks()
    f = File("decode.json", "A descriptor is taken apart and judged.")
    f.note("Valid", "BASIC", "Nothing is wrong with it.")
    f.note("Reserved", "MISSING_CHECK", "A reserved bit is set.", ["ENC-1"],
           ["M13", "M18", "M19"])
    f.note("Type", "MISSING_CHECK",
           "The type is unknown, or its feature is missing. It has seven"
           " bits in two places.")
    f.note("Mode", "MISSING_CHECK",
           "The type does not exist in this mode and queue.", ["ENC-13"])
    f.note("Granularity", "MISSING_CHECK", "The granularity is reserved.")
    f.note("Mask", "WRONG_RANGE", "AM above 52 is undefined.", ["COV-6"],
           ["M10", "M17"])
    f.note("Log", "BASIC", "From kernel logs that people asked about.")
    g = f.group("Decode", "valid descriptors")
    for dtype, qw in VALID.items():
        g.decode("%s, valid" % KEYS[dtype], qw, (), ["Valid"])
    for comment, dtype, qw, _ in KNOWN:
        g.decode(comment, qw, (), ["Valid"], ["ENC-1"])
    for comment, qw in (
            ("device TLB, full range", (0xaf0300100003, 0x7ffffffffffff001)),
            ("wait", (0x200000025, 0x10005f634)),
            ("PASID IOTLB with AM 20", (0x30036, 0x14))):
        g.decode(comment, qw, (), ["Log"])
    g.decode("a slot that was never written", (0, 0), ("type",), ["Log"],
             full=False)
    g = f.group("Decode", "reserved bits")
    for dtype, qw in VALID.items():
        decode_reserved(g, dtype, qw)
    decode_types(f.group("Decode", "types and features"))
    decode_modes(f.group("Decode", "modes and widths"))
    decode_values(f.group("Decode", "granularities and masks"))
    return f


def runs_of(mask):
    """Lowest and highest bit of each run of ones in a mask."""
    bits = [i for i in range(64) if mask >> i & 1]
    return [i for i in bits if i - 1 not in bits or i + 1 not in bits]


def decode_reserved(g, dtype, qw):
    """Every edge of every reserved area, and quadwords 2 and 3."""
    key = KEYS[dtype]
    for word, mask in enumerate(MASKS[dtype]):
        for bit in runs_of(mask):
            bad = list(qw)
            bad[word] |= 1 << bit
            g.decode("%s, bit %d of quadword %d" % (key, bit, word), bad,
                     ("reserved",), ["Reserved"], ["ENC-1"])
    for word, bit in ((2, 0), (2, 63), (3, 0), (3, 63)):
        bad = list(qw) + [0, 0]
        bad[word] |= 1 << bit
        g.decode("%s, bit %d of quadword %d" % (key, bit, word), bad,
                 ("reserved",), ["Reserved"], ["ENC-1"])
    if dtype in WITHOUT:
        name, masks = WITHOUT[dtype]
        for bit in runs_of(masks[0] & ~MASKS[dtype][0]):
            bad = [qw[0] & ~(masks[0] ^ MASKS[dtype][0]) | 1 << bit, qw[1]]
            g.decode("%s, bit %d without ECAP.%s" % (key, bit, name.upper()),
                     bad, ("reserved",), ["Reserved"], ["ENC-7"],
                     **{name: False})
    if dtype <= 5:
        g.decode("%s, quadwords 2 and 3 do not exist" % key,
                 list(qw) + [U64_MAX, U64_MAX], (), ["Valid"], ttm="legacy",
                 queue=128)


def decode_types(g):
    """Unknown types, and those whose feature is missing."""
    for qw0 in (0x0, 0xb, 0xc, 0xd, 0xe, 0xf, 0x206, 0x403, 0x805, 0xe02):
        g.decode("type 0x%x" % R.type_of(qw0), (qw0, 0), ("type",), ["Type"],
                 full=False)
    for dtype, feature in ((3, "dt"), (8, "dt"), (9, "prs"), (10, "hpts")):
        g.decode("%s without ECAP.%s" % (KEYS[dtype], feature.upper()),
                 VALID[dtype], ("type",), ["Type"], **{feature: False})
    g.decode("page-group response, ignored bit", (0x0001234503081019, 0xffc),
             (), ["Valid"])


def decode_modes(g):
    """VT-d table 26."""
    for ttm in ("legacy", "scalable", "reserved", "abort"):
        for queue in (128, 256):
            for dtype, qw in VALID.items():
                there = R.allowed(dtype, ttm, queue == 256)
                g.decode("%s, %s mode, %d-bit queue"
                         % (KEYS[dtype], ttm, queue), qw,
                         () if there else ("mode",),
                         ["Valid" if there else "Mode"],
                         ["ENC-13"] if dtype == 6 else [], full=False,
                         ttm=ttm, queue=queue)


def decode_values(g):
    """Reserved granularities, undefined masks, several at once."""
    for dtype, values in R.GRANULARITY.items():
        shape = 1 if dtype == 4 else 3
        for value in range(shape + 1):
            qw = VALID[dtype]
            qw = (qw[0] & ~(shape << 4) | value << 4, qw[1])
            good = value in values
            g.decode("%s, granularity %d" % (KEYS[dtype], value), qw,
                     () if good else ("granularity",),
                     ["Valid" if good else "Granularity"])
    for dtype in (2, 6, 10):
        for am in (52, 53, 63):
            qw = (VALID[dtype][0], am)
            g.decode("%s, AM %d" % (KEYS[dtype], am), qw,
                     () if am == 52 else ("am",),
                     ["Valid" if am == 52 else "Mask"])
    g.decode("piotlb, AM 53, PASID-selective: ignored", (0x0001234500050026,
             53), (), ["Valid"])
    g.decode("reserved bit and granularity at once",
             (0x8000000000050006, 0x800), ("reserved", "granularity"),
             ["Reserved", "Granularity"])
    g.decode("reserved bit and mask at once", (0x8000000000050036, 0x835),
             ("reserved", "am"), ["Reserved", "Mask"])
    g.decode("no device TLBs, PFSID without DIT, a 128-bit queue",
             VALID[3], ("type", "mode", "reserved"),
             ["Type", "Mode", "Reserved"], dt=False, dit=False, queue=128)
