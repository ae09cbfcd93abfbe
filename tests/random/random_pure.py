# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Random requests to the pure parts of the core, with the rules' answers.

Each function makes one: (line for core_oracle, line that it must answer).
"""

import rules as R

FIELDS = [("g", 8), ("fm", 8), ("dw", 8), ("dr", 8), ("am", 8), ("ih", 8),
          ("s", 8), ("gi", 8), ("mip", 8), ("im", 8), ("if", 8), ("sw", 8),
          ("fn", 8), ("pd", 8), ("pp", 8), ("rc", 8), ("did", 16),
          ("sid", 16), ("pfsid", 16), ("iidx", 16), ("prgi", 16),
          ("pasid", 32), ("data", 32), ("addr", 64)]
REACH = {"nothing": 0, "range": 1, "all": 2}
REVISIONS = ("linux", "v8")
POLICIES = ("compatible", "strict")
COVERS = ("two", "exact")
MODES = ("legacy", "scalable", "reserved", "abort")
CAPABILITIES = ("dt", "dit", "pds", "prs", "hpts")
TYPES = sorted(R.LAYOUT)


# ------------------------------------------------------------------ numbers

def word(rng, bits=64):
    """Any number of so many bits: all sizes alike often, bounds very often."""
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice((0, 1, (1 << bits) - 1, (1 << bits) - 2))
    if kind < 3:  # next to a power of two
        return ((1 << rng.randrange(bits + 1)) + rng.randrange(-2, 3)) % (
            1 << bits)
    return rng.getrandbits(rng.randrange(1, bits + 1))


def page(rng):
    """A page number: any, or near a bound of a canonical half or of space."""
    if rng.randrange(3):
        return word(rng, 52)
    edge = rng.choice((0, 1 << 35, 1 << 44, R.PAGES - (1 << 35),
                       R.PAGES - (1 << 44)))
    reach = rng.choice((2, 600))
    return (edge + rng.randrange(-reach, reach)) % R.PAGES


def entry(rng):
    """(addr, npages, flags, word) of an entry, mostly a good one."""
    first = page(rng)
    addr = first << 12
    if rng.randrange(12) == 0:
        addr |= 1 << rng.randrange(12)
    kind = rng.randrange(8)
    if kind == 0:  # to a bound, and a little more or less
        bound = rng.choice((1 << 35, 1 << 44, R.PAGES))
        npages = (bound - first + rng.randrange(-2, 3)) % R.U64
    elif kind == 1:
        npages = word(rng)
    elif kind == 2:
        npages = rng.choice((0, R.U64_MAX))
        addr = rng.choice((0, addr))
    elif kind == 3:
        npages = 1 << rng.randrange(53)
        addr -= addr % min(npages << 12, R.U64)
    else:
        npages = word(rng, 1 + rng.randrange(40))
    flags = rng.choice((0, 1))
    if rng.randrange(12) == 0:
        flags ^= 1 << rng.randrange(32)
    last = word(rng, 32) if rng.randrange(8) == 0 else 0
    return addr, npages, flags, last


def line(letter, *numbers):
    """A request."""
    return letter + "".join([" %x" % n for n in numbers]) + "\n"


# ----------------------------------------------------------------- requests

def audit(rng):
    """An entry is judged."""
    revision, policy = rng.randrange(2), rng.randrange(2)
    va_bits = rng.choice((48, 57))
    values = entry(rng)
    ask = line("a", revision, policy, va_bits, *values)
    try:
        request = R.audit(values, REVISIONS[revision], POLICIES[policy],
                          va_bits)
    except R.Refused as why:
        return ask, "%s %s\n" % (why.errno, why.rule)
    pages = ((request.first, request.last) if request.reach == "range"
             else (0, 0))
    return ask, "0 %x %x %x %x\n" % (REACH[request.reach], *pages,
                                     request.leaf)


def span(rng):
    """First and last page of a range."""
    kind = rng.randrange(4)
    if kind == 0:
        first, last = sorted((page(rng), page(rng)))
        return first, last
    if kind == 1:  # around a page that is aligned well
        middle = rng.getrandbits(52) >> (order := rng.randrange(52)) << order
        first = max(0, middle - word(rng, order + 1))
        return first, min(R.PAGE_MAX, middle + word(rng, order + 1))
    first = page(rng)
    return first, min(R.PAGE_MAX, first + word(rng, 1 + rng.randrange(52)))


def cover(rng):
    """A range becomes blocks."""
    how = rng.randrange(2)
    reach = rng.choice(("range",) * 30 + ("all", "nothing"))
    first, last = span(rng) if reach == "range" else (0, 0)
    blocks = R.cover(R.Request(reach, first, last), COVERS[how])
    return (line("c", how, REACH[reach], first, last),
            "".join(["%x:%x " % block for block in blocks]) + "\n")


def size(rng):
    """A block becomes ADDR and S of a device-TLB descriptor."""
    order = rng.randrange(53)
    first = word(rng, 52) >> order << order
    addr, s = R.device_addr(first, order)
    return (line("s", first, order),
            "%x %x %x %x\n" % (addr, s, first, order))


def field_values(rng, dtype, wrong):
    """Values of all fields: those that the type has fit, but for one."""
    width = {}
    for name, _, _, bits in R.LAYOUT.get(dtype, ()):
        width[name] = bits
    if "pfsid_lo" in width:
        width["pfsid"] = 16
    values = {}
    for name, bits in FIELDS:
        has = width.get(name, bits)
        if name == "addr":
            low = R.UNIT.get((dtype, "addr"), 12)
            values[name] = word(rng) >> low << low
        else:
            values[name] = word(rng, has) if rng.randrange(4) else 0
    if wrong:
        name, bits = rng.choice([f for f in FIELDS
                                 if width.get(f[0], 0) < f[1]])
        values[name] ^= 1 << rng.randrange(0 if name == "addr" else
                                           width.get(name, 0), bits)
    return values


def encode(rng):
    """Fields become a descriptor."""
    dtype = rng.choice(TYPES) if rng.randrange(20) else word(rng, 8)
    values = field_values(rng, dtype, rng.randrange(4) == 0)
    ask = line("e", dtype, *values.values())
    try:
        quadwords = R.encode(dtype, **values)
    except ValueError:
        return ask, "EINVAL\n"
    return ask, "%x %x %x %x \n" % tuple(quadwords)


def quadwords_of(rng):
    """Four quadwords: noise, or a descriptor of a type, whole or damaged."""
    dtype = rng.choice(TYPES)
    kind = rng.randrange(8)
    if kind == 0:
        return [rng.getrandbits(64) for _ in range(4)]
    if kind == 1:  # noise with a type that there is
        quadwords = [rng.getrandbits(64) for _ in range(4)]
        quadwords[0] = (quadwords[0] & ~0xe0f) | dtype
        return quadwords
    quadwords = [dtype, 0, 0, 0]
    for _, place, lsb, width in R.LAYOUT[dtype]:
        quadwords[place] |= rng.getrandbits(width) << lsb
    if kind < 5:
        quadwords[rng.choice((0, 0, 1, 1, 2, 3))] ^= 1 << rng.randrange(64)
    return quadwords


def decode(rng):
    """A descriptor is judged."""
    quadwords = quadwords_of(rng)
    ttm = rng.choice((0, 1, 1, 1, 2, 3))
    wide = rng.randrange(4) > 0
    mode = {name: rng.randrange(4) > 0 for name in CAPABILITIES}
    dtype, fields, bad, reserved = R.decode(
        quadwords, {"ttm": MODES[ttm], "wide": wide, **mode})
    answer = [dtype, bad, *reserved, *(fields.get(name, 0)
                                       for name, _ in FIELDS)]
    return (line("d", *quadwords, ttm, wide, *mode.values()),
            "".join(["%x " % n for n in answer]) + "\n")


# How many of a thousand requests are of which kind; the rest are whole calls
SHARES = ((audit, 300), (cover, 230), (size, 20), (encode, 180),
          (decode, 220))
