# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Whole calls: the command, several units, the self-test, known defects."""

from rules import U64_MAX
from build import File, device, entry, iotlb, many, unit


def files():
    """All of them."""
    return [commands(), units(), reports(), selftest(), defects()]


PLAIN = [unit(iotlb(), device(mip=8))]
ONE = [entry(0x40000000, 512)]
TWO = ONE + [entry(0x7f000)]
FIVE = [many(5, 0x100000, 1, 0x2000)]
TRAILING = "00" * 8


# ----------------------------------------------------------------- command

# comment, what decides, command, memory; nothing is written back
NOT_WRITTEN = [
    ("size word gone", "EFAULT", "CMD-1", {}, {"holes": [[0x1000, 4]]}),
    ("last byte of the size word gone", "EFAULT", "CMD-1", {},
     {"holes": [[0x1003, 1]]}),
    ("size gone and too small", "EFAULT", "CMD-1", {"size": 0},
     {"holes": [[0x1000, 1]]}),
    ("size 0", "EINVAL", "CMD-2", {"size": 0}, {}),
    ("size 31", "EINVAL", "CMD-2", {"size": 31}, {}),
    ("size 31, rest gone", "EINVAL", "CMD-2", {"size": 31},
     {"holes": [[0x1004, 28]]}),
    ("first trailing byte not zero", "E2BIG", "CMD-3",
     {"trailing": "0100000000000000"}, {}),
    ("last trailing byte not zero", "E2BIG", "CMD-3",
     {"trailing": "0000000000000080"}, {}),
    ("first trailing byte gone", "EFAULT", "CMD-3", {"trailing": TRAILING},
     {"holes": [[0x1020, 1]]}),
    ("last trailing byte gone", "EFAULT", "CMD-3", {"trailing": TRAILING},
     {"holes": [[0x1027, 1]]}),
    ("trailing byte not zero before one that is gone", "E2BIG", "CMD-3",
     {"trailing": "0001000000000000"}, {"holes": [[0x1024, 4]]}),
    ("trailing byte gone before one that is not zero", "EFAULT", "CMD-3",
     {"trailing": "0000000000010000"}, {"holes": [[0x1022, 1]]}),
    ("size beyond what is mapped", "EFAULT", "CMD-3", {"size": 40}, {}),
    ("size 2^32-1", "EFAULT", "CMD-3", {"size": 0xffffffff}, {}),
    ("size 2^32-1, a trailing byte not zero", "E2BIG", "CMD-3",
     {"size": 0xffffffff, "trailing": "ff"}, {}),
    ("trailing byte not zero, command gone", "E2BIG", "CMD-3",
     {"trailing": "01"}, {"holes": [[0x1010, 4]]}),
    ("command gone behind its size", "EFAULT", "CMD-4", {},
     {"holes": [[0x1004, 28]]}),
    ("last byte of the command gone", "EFAULT", "CMD-4", {},
     {"holes": [[0x101f, 1]]}),
    ("last byte gone, reserved word not 0", "EFAULT", "CMD-4",
     {"reserved": 1}, {"holes": [[0x101f, 1]]}),
]

MAX_NUM = 1 << 19

# comment, errno, rule, command; entry_num becomes 0
REFUSED = [
    ("reserved word 1", "EOPNOTSUPP", "CMD-5", {"reserved": 1}),
    ("reserved word, highest bit", "EOPNOTSUPP", "CMD-5",
     {"reserved": 1 << 31}),
    ("reserved word of a probe", "EOPNOTSUPP", "CMD-5",
     {"reserved": 1, "entryNum": 0}),
    ("reserved word before a null array", "EOPNOTSUPP", "CMD-5",
     {"reserved": 1, "dataUptr": 0}),
    ("reserved word before the page table", "EOPNOTSUPP", "CMD-5",
     {"reserved": 1, "hwpt": "missing"}),
    ("null array", "EINVAL", "CMD-6", {"dataUptr": 0}),
    ("entry_len 0", "EINVAL", "CMD-6", {"entryLen": 0}),
    ("entry_len 4097", "EINVAL", "CMD-6", {"entryLen": 4097}),
    ("entry_len 2^32-1", "EINVAL", "CMD-6", {"entryLen": 0xffffffff}),
    ("entry_num 2^19+1", "EINVAL", "CMD-6", {"entryNum": MAX_NUM + 1}),
    ("entry_num 2^32-1", "EINVAL", "CMD-6", {"entryNum": 0xffffffff}),
    ("null array before the page table", "EINVAL", "CMD-6",
     {"dataUptr": 0, "hwpt": "missing"}),
    ("page table missing", "ENOENT", "CMD-7", {"hwpt": "missing"}),
    ("another kind of object", "EINVAL", "CMD-7", {"hwpt": "wrong-kind"}),
    ("page table without the operation", "EOPNOTSUPP", "CMD-7",
     {"hwpt": "no-op"}),
    ("page table missing, a probe", "ENOENT", "CMD-7",
     {"hwpt": "missing", "entryNum": 0}),
    ("page table before data_type", "ENOENT", "CMD-7",
     {"hwpt": "missing", "dataType": 1}),
    ("data_type 1", "EINVAL", "CMD-8", {"dataType": 1}),
    ("data_type of the self-test", "EINVAL", "CMD-8",
     {"dataType": 0xdeadbeef}),
    ("data_type 1, a probe", "EINVAL", "CMD-8",
     {"dataType": 1, "entryNum": 0}),
    ("data_type 2^32-1, a probe without array", "EINVAL", "CMD-8",
     {"dataType": 0xffffffff, "entryNum": 0, "dataUptr": 0}),
    ("data_type before entry_len", "EINVAL", "CMD-8",
     {"dataType": 1, "entryLen": 23}),
    ("entry_len 1", "EINVAL", "COPY-1", {"entryLen": 1}),
    ("entry_len 8", "EINVAL", "COPY-1", {"entryLen": 8}),
    ("entry_len 23", "EINVAL", "COPY-1", {"entryLen": 23}),
    ("entry_len 25", "EINVAL", "COPY-1", {"entryLen": 25}),
    ("entry_len 48", "EINVAL", "COPY-1", {"entryLen": 48}),
    ("entry_len 4096", "EINVAL", "COPY-1", {"entryLen": 4096}),
]

PROBES = [
    ("a probe", {"entryNum": 0}),
    ("a probe without array", {"entryNum": 0, "dataUptr": 0}),
    ("a probe with entry_len 0", {"entryNum": 0, "entryLen": 0}),
    ("a probe with entry_len 4097", {"entryNum": 0, "entryLen": 4097}),
    ("a probe with an array that is not mapped",
     {"entryNum": 0, "dataUptr": 0x666000}),
]


def commands():
    """Every condition of the command, and neighbours in their order."""
    f = File("command.json",
             "The ioctl's command: what is refused, in which order, and"
             " what is written back.")
    f.note("CopyIn", "MISSING_CHECK",
           "The command cannot be taken in: nothing is written.",
           ["CMD-1", "CMD-2", "CMD-3", "CMD-4"], ["M1"])
    f.note("Fields", "MISSING_CHECK",
           "The command is refused: entry_num becomes 0.",
           ["CMD-5", "CMD-6", "CMD-7", "CMD-8", "CMD-10", "COPY-1"],
           ["R2", "M1", "M3", "M4", "M5", "M7"])
    f.note("Probe", "ABI", "entry_num 0 asks for the data_type.",
           ["CMD-9"], ["M6"])
    f.note("Array", "EDGE_CASE", "Entries that cannot be read.",
           ["COPY-2", "COPY-3", "COPY-4"], ["M2", "M5", "M7"])
    f.note("WriteBack", "EDGE_CASE", "What is written, and what if it"
           " cannot be.", ["CMD-10", "CMD-11", "REP-6", "REP-7"],
           ["I5", "I6"])
    g = f.group("Request", "the command cannot be taken in",
                revision="linux", units=PLAIN)
    for comment, errno, rule, command, memory in NOT_WRITTEN:
        more = {"memory": memory} if memory else {}
        g.call(comment, (errno, rule, 0), ONE, ["CopyIn"], [rule, "CMD-12"],
               command=command, **more)
    g = f.group("Request", "the command is refused", revision="linux",
                units=PLAIN)
    for comment, errno, rule, command in REFUSED:
        g.call(comment, (errno, rule, 0), ONE, ["Fields"], [rule, "CMD-10"],
               command=command)
    g = f.group("Request", "probes", revision="linux", units=PLAIN)
    for comment, command in PROBES:
        g.call(comment, ("0", "", 0), [], ["Probe"], ["CMD-9"],
               command=command)
    g.call("the array's bytes do not matter", ("0", "", 0),
           [entry(0x123, 0, 0xff)], ["Probe"], ["CMD-9"],
           command={"entryNum": 0})
    accepted(f)
    arrays(f)
    write_back(f)
    return f


def accepted(f):
    """Commands that are right in unusual ways."""
    g = f.group("Request", "unusual and right", revision="linux",
                units=PLAIN)
    g.call("trailing zeros", ("0", "", 1), ONE, ["CopyIn"], ["CMD-3"],
           command={"trailing": "00" * 64})
    g.call("fewer entries than the array holds", ("0", "", 1), TWO,
           ["Array"], ["CMD-10"], command={"entryNum": 1})
    g.call("an array at an odd address", ("0", "", 2), TWO, ["Array"],
           ["CMD-10"], command={"dataUptr": 0x12345})
    g.call("33 entries: two chunks", ("0", "", 33), [many(33)], ["Array"],
           ["CMD-10", "ENC-2"])
    g.call("a probe's command cannot be written", ("EFAULT", "CMD-11", 0),
           [], ["WriteBack"], ["CMD-9", "CMD-11"],
           memory={"readOnly": [[0x101f, 1]]})


def arrays(f):
    """Entries that cannot be read."""
    g = f.group("Request", "entries that cannot be read", revision="linux",
                units=PLAIN)
    rules = ["COPY-2", "COPY-3", "REP-3"]
    for index in (0, 1, 31, 32, 33):
        at = 0x10000 + 24 * index
        for where, what in ((at, "first"), (at + 23, "last")):
            g.call("%s byte of entry %d" % (what, index),
                   ("EFAULT", "COPY-2", index), [many(40)], ["Array"], rules,
                   memory={"holes": [[where, 1]]})
    g.call("two entries gone: the first decides", ("EFAULT", "COPY-2", 3),
           [many(40)], ["Array"], rules,
           memory={"holes": [[0x10000 + 96, 1], [0x10000 + 80, 1]]})
    g.call("a bad entry before one that is gone", ("EINVAL", "AUD-3", 1),
           ONE + [entry(0x800), entry(0x1000)], ["Array"],
           ["AUD-3", "COPY-2"], memory={"holes": [[0x10000 + 48, 1]]})
    g.call("more entries promised than there are", ("EFAULT", "COPY-2", 2),
           TWO, ["Array"], rules, command={"entryNum": 5})
    g.call("2^19 promised", ("EFAULT", "COPY-2", 2), TWO, ["Array"],
           rules + ["CMD-6"], command={"entryNum": MAX_NUM})
    g.call("an array that is not there", ("EFAULT", "COPY-2", 0), [],
           ["Array"], rules,
           command={"dataUptr": 0x666000, "entryNum": 1})
    rules = ["COPY-4"]
    g.call("the third entry passes the end of the address space",
           ("EFAULT", "COPY-4", 2), TWO, ["Array"], rules,
           command={"dataUptr": (1 << 64) - 56, "entryNum": 3})
    g.call("the first entry passes the end of the address space",
           ("EFAULT", "COPY-4", 0), [], ["Array"], rules,
           command={"dataUptr": U64_MAX, "entryNum": 1})
    g.call("the last entry ends where the address space ends",
           ("0", "", 2), TWO, ["Array"], rules,
           command={"dataUptr": (1 << 64) - 48})


def write_back(f):
    """What is written back, and where that fails."""
    for revision in ("linux", "v8"):
        g = f.group("Request", "write-back", revision=revision, units=PLAIN)
        for where in (0x1000, 0x1018, 0x101f):
            g.call("command read-only at 0x%x" % where,
                   ("EFAULT", "CMD-11", 2), TWO, ["WriteBack"], ["CMD-11"],
                   memory={"readOnly": [[where, 1]]})
        g.call("an entry was bad, command read-only",
               ("EFAULT", "CMD-11", 1), ONE + [entry(0x800)],
               ["WriteBack"], ["CMD-11"],
               memory={"readOnly": [[0x1000, 32]]})
        g.call("refused, command read-only", ("EFAULT", "CMD-11", 0), ONE,
               ["WriteBack"], ["CMD-11"], command={"reserved": 1},
               memory={"readOnly": [[0x1000, 32]]})
        g.call("refused, and the copy back ends inside entry_num",
               ("EFAULT", "CMD-11", 0), ONE, ["WriteBack"],
               ["CMD-10", "CMD-11"],
               command={"reserved": 1, "entryNum": 0x102},
               memory={"readOnly": [[0x1019, 1]]})
        g.call("an entry was bad, and the copy back ends behind entry_num",
               ("EFAULT", "CMD-11", 1), ONE + [entry(0x800)],
               ["WriteBack"], ["CMD-10", "CMD-11"],
               memory={"readOnly": [[0x101c, 1]]})
        g.call("trailing bytes read-only", ("0", "", 2), TWO, ["WriteBack"],
               ["CMD-11"], command={"trailing": TRAILING},
               memory={"readOnly": [[0x1020, 8]]})
        v8 = revision == "v8"
        g.call("the last entry's last word is read-only",
               ("EFAULT", "REP-7", 2) if v8 else ("0", "", 2), TWO,
               ["WriteBack"], ["REP-6", "REP-7"],
               memory={"readOnly": [[0x10000 + 44, 4]]})
        g.call("its last byte is read-only",
               ("EFAULT", "REP-7", 2) if v8 else ("0", "", 2), TWO,
               ["WriteBack"], ["REP-6", "REP-7"],
               memory={"readOnly": [[0x10000 + 47, 1]]})
        g.call("all but the last words are read-only", ("0", "", 2), TWO,
               ["WriteBack"], ["REP-6"],
               memory={"readOnly": [[0x10000, 20], [0x10018, 20]]})
        g.call("the 32nd of 40 entries cannot be written: the second chunk"
               " is not begun",
               ("EFAULT", "REP-7", 32) if v8 else ("0", "", 40), [many(40)],
               ["WriteBack"], ["REP-7"],
               memory={"readOnly": [[0x10000 + 24 * 31 + 20, 4]]})


# ------------------------------------------------------------------- units

def units():
    """Several units, targets of all sorts, faults on one of them."""
    f = File("units.json",
             "Page tables that are attached through several IOMMU units and"
             " under several PASIDs.")
    f.note("Units", "WRONG_TARGET",
           "Every unit gets the request with its own domain id and"
           " capabilities.", ["ENC-5"], ["M21", "R4", "M22"])
    f.note("Targets", "WRONG_TARGET",
           "The order of targets, and which descriptor each of them needs.",
           ["ENC-2", "ENC-6", "ENC-7", "ENC-8", "ENC-11", "ENC-12"],
           ["R3", "R4", "M16", "M20", "M23", "O1"])
    f.note("Cut", "WRONG_ORDER",
           "More than 64 descriptors are cut into submissions.",
           ["ENC-2", "ENC-4"])
    f.note("Fault", "LOST_ERROR", "One unit has a fault, another has none.",
           ["REP-1", "REP-5", "REP-8", "REP-10"],
           ["I2", "E3", "E4"])
    several_units(f)
    target_kinds(f)
    cut(f)
    unit_faults(f)
    return f


def several_units(f):
    """Two and three units."""
    all_three = [unit(iotlb(), did=3),
                 unit(iotlb(), device(mip=8), did=0xabcd, dit=False),
                 unit(iotlb(5), device(0x1000, 0x1000, 5), did=0xffff)]
    mixed = [entry(0x40000000, 512, 1), entry(0x1000, 3), entry(0, U64_MAX),
             entry(0x9000, 0)]
    for count in (2, 3):
        g = f.group("Request", "%d units" % count, revision="v8",
                    units=all_three[:count])
        g.call("each with its own domain id", ("0", "", 4), mixed,
               ["Units"], ["ENC-5"], ("descriptors", "waits", "submissions"))
        g.call("the third entry is bad", ("EINVAL", "AUD-3", 2),
               mixed[:2] + [entry(1)] + mixed[2:], ["Units"],
               ["ENC-5", "REP-3"], ("descriptors", "waits"))
        g.call("nothing to do", ("0", "", 2), [entry(0, 0), entry(0x1000, 0)],
               ["Units"], ["AUD-6"], ("descriptors", "waits", "submissions"))
    g = f.group("Request", "one unit without targets", revision="linux",
                units=[unit(did=1), unit(iotlb(), did=2)])
    g.call("the other one is served", ("0", "", 4), mixed, ["Units"],
           ["ENC-5", "ENC-10"], ("descriptors", "waits", "submissions"))
    g = f.group("Request", "different AM bounds", revision="linux",
                units=[unit(iotlb(), did=1),
                       unit(iotlb(), device(), did=2, amMax=9),
                       unit(iotlb(), did=3, amMax=0)])
    g.call("2 MiB and 4 MiB", ("0", "", 3),
           [entry(0x400000, 512), entry(0x400000, 1024), entry(0x5000)],
           ["Units"], ["COV-7", "ENC-5"],
           ("descriptors", "waits", "submissions"))


def target_kinds(f):
    """One unit each; descriptors are compared."""
    state = ("descriptors", "waits", "submissions")
    two = [entry(0x40000000, 512, 1), entry(0x1000, 3)]
    full = [entry(0, U64_MAX), entry(0x5000)]
    kinds = [
        ("devices listed before the IOTLB", ["ENC-2"],
         unit(device(), iotlb())),
        ("two PASIDs", ["ENC-2", "ENC-6"],
         unit(iotlb(0), iotlb(0x12345), device(), device(pasid=0x12345))),
        ("largest PASID, source id and throttle", ["ENC-1", "ENC-6"],
         unit(iotlb(0xfffff), device(0xffff, 0xffff, 0xfffff, mip=31),
              did=0xffff)),
        ("throttle 32 and 255 mean none", ["ENC-12"],
         unit(iotlb(), device(mip=32), device(0x309, mip=255),
              device(0x30a, pasid=7, mip=32))),
        ("without DIT there is no PFSID", ["ENC-7"],
         unit(iotlb(), device(), device(pasid=9), dit=False)),
        ("a device that needs everything twice", ["ENC-8"],
         unit(iotlb(), device(twice=True), device(0x500, 0x500))),
        ("translation is off: devices get nothing", ["ENC-11"],
         unit(iotlb(), device(), te=False)),
        ("translation is off, devices only", ["ENC-11"],
         unit(device(), te=False)),
        ("devices only: no fence", ["ENC-2"], unit(device(), device(0x309))),
        ("IOTLB only: no fence", ["ENC-2"], unit(iotlb())),
        ("fence without a status write", ["ENC-3"],
         unit(iotlb(), device(), plainFence=True)),
        ("no page-request drain in any wait", ["QUE-5"],
         unit(iotlb(), device(), pds=False)),
    ]
    for comment, rules, one in kinds:
        g = f.group("Request", comment, revision="linux", units=[one])
        g.call("two ranges", ("0", "", 2), two, ["Targets"], rules, state)
        g.call("full flush and one page", ("0", "", 2), full, ["Targets"],
               rules, state)
    g = f.group("Request", "exact cover", revision="linux", cover="exact",
                units=[unit(iotlb(), device())])
    g.call("pages 1 to 14", ("0", "", 1), [entry(0x1000, 14)], ["Targets"],
           ["COV-5", "ENC-2"], state)


def cut(f):
    """Submissions of at most 64 descriptors."""
    state = ("descriptorCount", "waits", "submissions")
    for comment, one, entries, count in (
            ("32 IOTLB and 32 device descriptors: one", [iotlb(), device()],
             [many(32)], 32),
            ("64 and 64: two, and no fence", [iotlb(), device()],
             [many(32, 0x1000, 3, 0x8000)], 32),
            ("32 and 64: the first one has a fence",
             [iotlb(), device(), device(0x309)], [many(32)], 32),
            ("40 and 40", [iotlb(), device()],
             [many(20, 0x1000, 3, 0x8000)], 20),
            ("32 and 64, each device descriptor twice",
             [iotlb(), device(twice=True)], [many(32)], 32),
            ("65 entries: 32, 32 and 1", [iotlb(), device()], [many(65)],
             65)):
        g = f.group("Request", comment, revision="linux",
                    units=[unit(*one, slots=128)])
        g.call("a ring of 128 slots", ("0", "", count), entries, ["Cut"],
               ["ENC-2", "ENC-4", "QUE-1"], state)
    g = f.group("Request", "attribution single", revision="linux",
                attribution="single", units=[unit(iotlb(), device())])
    g.call("one submission per entry", ("0", "", 5), [many(5)], ["Cut"],
           ["REP-13"], ("descriptors", "waits", "submissions"))
    g = f.group("Request", "exact cover", revision="linux", cover="exact",
                units=[unit(iotlb(), device())])
    g.call("102 blocks: 204 descriptors, four submissions", ("0", "", 1),
           [entry(0x1000, (1 << 52) - 2)], ["Cut"], ["COV-5", "ENC-4"],
           state)


def unit_faults(f):
    """Two units, of which one has a fault."""
    pair = [unit(iotlb(), device(), did=1),
            unit(iotlb(), device(0x508, 0x508), did=2)]
    for revision in ("v8", "linux"):
        g = f.group("Request", "two units, a fault", revision=revision,
                    units=pair)
        for index in (0, 1):
            g.call("unit %d refuses a descriptor of entry 2" % index,
                   ("EIO", "REP-10", 2), FIVE, ["Fault"],
                   ["ENC-5", "REP-10"], faults=[
                       {"unit": index, "invalidation": 2, "kind": "iqe",
                        "code": 4}])
            g.call("unit %d's device times out" % index,
                   ("0", "", 5) if revision == "v8"
                   else ("ETIMEDOUT", "REP-8", 0), FIVE, ["Fault"],
                   ["ENC-5", "REP-5", "REP-8"], faults=[
                       {"unit": index, "invalidation": 9, "kind": "ite"}])
        g.call("refused by the one, timed out on the other",
               ("EIO", "REP-10", 0) if revision == "linux"
               else ("EIO", "REP-10", 0), FIVE, ["Fault"],
               ["REP-4", "REP-10"], faults=[
                   {"unit": 0, "invalidation": 0, "kind": "iqe", "code": 4},
                   {"unit": 1, "invalidation": 9, "kind": "ite"}])
        if revision == "v8":
            g.call("ICE on the one, ITE on the other: both are reported",
                   ("0", "", 5), FIVE, ["Fault"], ["REP-5"], faults=[
                       {"unit": 0, "invalidation": 9, "kind": "ice"},
                       {"unit": 1, "invalidation": 9, "kind": "ite"}])


# ------------------------------------------------------------------ report

def reports():
    """ICE, write-back, signals, time, and copies that fail."""
    f = File("report.json",
             "What becomes of a call: completion errors, results that"
             " cannot be written, signals, the caller's time.",
             "Tests marked acceptable depend on how often an implementation"
             " copies, looks for signals, or pauses.")
    f.note("Ice", "LOST_ERROR",
           "A completion error names its sender at most.",
           ["QUE-11", "REP-5", "REP-9"], ["S2", "R6", "I3", "I7"])
    f.note("WriteBack", "WRONG_COUNT",
           "An entry whose hw_error cannot be written counts and is the"
           " last one.", ["REP-6", "REP-7"], ["I5", "I6"])
    f.note("Signal", "EDGE_CASE", "A fatal signal is pending.",
           ["REP-14", "CMD-3"], ["M1"])
    f.note("Budget", "DENIAL_OF_SERVICE", "The caller's time is up.",
           ["QUE-13", "REP-15"], ["E5", "S3"])
    f.note("OneCopy", "EDGE_CASE", "One copy fails, all others work.",
           ["CMD-1", "CMD-4", "CMD-11", "COPY-3", "REP-7"], ["M2"])
    completion_errors(f)
    half_written(f)
    interrupted(f)
    return f


def completion_errors(f):
    """ICE."""
    two = [unit(iotlb(), device(), device(0x508, 0x508))]
    for revision in ("v8", "linux"):
        g = f.group("Request", "completion errors, one submission",
                    revision=revision, units=PLAIN)
        rules = ["QUE-11", "REP-5" if revision == "v8" else "REP-9"]
        for comment, more in (("the device itself", {}),
                              ("sender 0", {"sid": 0}),
                              ("a sender that nobody knows", {"sid": 0x999})):
            g.call(comment, ("0", "", 5), FIVE, ["Ice"], rules,
                   ["descriptors"],
                   faults=[{"invalidation": 9, "kind": "ice", **more}])
        g.call("on two entries of two chunks", ("0", "", 96), [many(96)],
               ["Ice"], rules, ["descriptorCount"],
               faults=[{"invalidation": 63, "kind": "ice"},
                       {"invalidation": 191, "kind": "ice"}])
        g.call("the bad entry behind it is refused", ("EINVAL", "AUD-3", 1),
               [entry(0x5000), entry(1)], ["Ice"], rules,
               faults=[{"invalidation": 1, "kind": "ice"}])
        g = f.group("Request", "completion errors, attribution single",
                    revision=revision, attribution="single", units=two)
        g.call("third entry, second device", ("0", "", 5), FIVE, ["Ice"],
               rules, ["descriptors"],
               faults=[{"invalidation": 8, "kind": "ice", "sid": 0x508}])
        g.call("every descriptor of one device", ("0", "", 5), FIVE,
               ["Ice"], rules, ["descriptors"],
               faults=[{"device": 0x308, "kind": "ice", "times": "always"}])


def half_written(f):
    """hw_error of an entry in the middle cannot be written."""
    g = f.group("Request", "results that cannot be written", revision="v8",
                units=PLAIN)
    for index in (0, 2, 4):
        g.call("hw_error of entry %d of 5" % index,
               ("EFAULT", "REP-7", index + 1), FIVE, ["WriteBack"],
               ["REP-2", "REP-6", "REP-7"], acceptable=index < 4,
               memory={"readOnly": [[0x10000 + 24 * index + 20, 4]]})


def interrupted(f):
    """Signals, time, and single copies that fail."""
    three = [many(3)]
    g = f.group("Request", "the call is cut short", revision="linux",
                units=PLAIN)
    for look, count in ((0, 32), (1, 64)):
        g.by_hand("a signal after %d entries" % count,
                  ("EINTR", "REP-14", count), [many(70)], ["Signal"],
                  ["REP-14"], signal=look)
    g.by_hand("a signal that nobody looks for", ("0", "", 3), three,
              ["Signal"], ["REP-14"], signal=0)
    for copy, what, want, written in (
            (0, "the size", ("EFAULT", "CMD-1", 0), False),
            (1, "the command", ("EFAULT", "CMD-4", 0), False),
            (2, "the array, at first", ("0", "", 3), True),
            (3, "the command, back", ("EFAULT", "CMD-11", 3), False)):
        g.by_hand(what, want, three, ["OneCopy"], [want[1] or "COPY-3"],
                  written, memory={"failAccess": copy})
    for revision in ("linux", "v8"):
        g = f.group("Request", "no time to wait", revision=revision,
                    budget=0, units=PLAIN)
        g.by_hand("nothing is proved", ("ETIMEDOUT", "REP-15", 0), three,
                  ["Budget"], ["QUE-13", "REP-15"],
                  hw_error=[] if revision == "v8" else None)
        g.call("nothing is asked for", ("0", "", 2),
               [entry(0, 0), entry(0x5000, 0)], ["Budget"], ["AUD-6"])
    g = f.group("Request", "a long command", revision="linux", units=PLAIN)
    g.by_hand("a signal while its end is looked at", ("EINTR", "CMD-3", 0),
              three, ["Signal"], ["CMD-3"], False,
              command={"trailing": "00" * 128}, signal=0)


# --------------------------------------------------------------- self-test

FILLED = [0x11, 0x22, 0x33, 0x44]


def selftest():
    """The cases of iommufd's own self-test, and their neighbours."""
    f = File("selftest.json",
             "The data type of iommufd's self-test: flags and the id of one"
             " of four cache entries.")
    f.note("Case", "BASIC", "A case of the kernel's self-test.",
           ["SELF-1", "SELF-2"], ["M6", "R2"])
    f.note("Neighbour", "EDGE_CASE", "What lies next to them.",
           ["SELF-1", "SELF-2", "COPY-1", "COPY-2"])
    g = f.group("SelfTest")

    def case(comment, want, entries, rules, flag="Case", **more):
        g.call(comment, want, entries, [flag], rules, iotlb=FILLED, **more)

    one = [{"iotlbId": 0}]
    case("parent page table: no such operation", ("EOPNOTSUPP", "CMD-7", 0),
         one, ["CMD-7"], command={"hwpt": "no-op"})
    case("empty array", ("0", "", 0), [], ["CMD-9"])
    case("empty array, null", ("0", "", 0), [], ["CMD-9"],
         command={"dataUptr": 0})
    case("wrong data_type", ("EINVAL", "CMD-8", 0), one, ["CMD-8"],
         command={"dataType": 0})
    case("entry_len 1", ("EINVAL", "COPY-1", 0), one, ["COPY-1"],
         command={"entryLen": 1})
    case("entry_len 9", ("EINVAL", "COPY-1", 0), one, ["COPY-1"],
         command={"entryLen": 9})
    case("entry_len 0", ("EINVAL", "CMD-6", 0), one, ["CMD-6"],
         command={"entryLen": 0})
    case("entry_len 4097", ("EINVAL", "CMD-6", 0), one, ["CMD-6"],
         command={"entryLen": 4097})
    case("entry_num 2^19+1", ("EINVAL", "CMD-6", 0), one, ["CMD-6"],
         command={"entryNum": MAX_NUM + 1})
    case("null array", ("EINVAL", "CMD-6", 0), one, ["CMD-6"],
         command={"dataUptr": 0})
    case("unknown flag", ("EOPNOTSUPP", "SELF-1", 0),
         [{"flags": 2, "iotlbId": 0}], ["SELF-1"])
    case("id out of range", ("EINVAL", "SELF-2", 0), [{"iotlbId": 4}],
         ["SELF-2"])
    case("the first good, the second with an unknown flag",
         ("EOPNOTSUPP", "SELF-1", 1), one + [{"flags": 2, "iotlbId": 1}],
         ["SELF-1", "REP-3"])
    case("the first good, the second out of range", ("EINVAL", "SELF-2", 1),
         one + [{"iotlbId": 4}], ["SELF-2", "REP-3"])
    case("one id", ("0", "", 1), one, ["REP-1"])
    case("two ids", ("0", "", 2), [{"iotlbId": 1}, {"iotlbId": 2}],
         ["REP-1"])
    case("all", ("0", "", 1), [{"flags": 1, "iotlbId": 0}], ["SELF-1"])
    near = "Neighbour"
    case("all, id out of range", ("EINVAL", "SELF-2", 0),
         [{"flags": 1, "iotlbId": 4}], ["SELF-2"], near)
    case("all, last id", ("0", "", 1), [{"flags": 1, "iotlbId": 3}],
         ["SELF-2"], near)
    case("flag before id", ("EOPNOTSUPP", "SELF-1", 0),
         [{"flags": 3, "iotlbId": 9}], ["SELF-1"], near)
    case("id 2^32-1", ("EINVAL", "SELF-2", 0), [{"iotlbId": 0xffffffff}],
         ["SELF-2"], near)
    case("the second cannot be read", ("EFAULT", "COPY-2", 1),
         one + [{"iotlbId": 1}], ["COPY-2"], near,
         memory={"holes": [[0x1000c, 1]]})
    case("twenty entries, the last bad", ("EINVAL", "SELF-2", 19),
         [{"iotlbId": 3}] * 19 + [{"iotlbId": 5}], ["SELF-2", "REP-3"],
         near)
    case("read-only entries are enough", ("0", "", 1), one, ["REP-6"], near,
         memory={"readOnly": [[0x10000, 8]]})
    case("command cannot be written", ("EFAULT", "CMD-11", 1), one,
         ["CMD-11"], near, memory={"readOnly": [[0x1018, 4]]})
    return f


# ----------------------------------------------------------------- defects

LONE = [unit(iotlb())]
DUO = [unit(iotlb(), device(), device(0x508, 0x508))]


def ite(**more):
    """A device that does not answer."""
    return [{"kind": "ite", **more}]


# defect, kind of bug, what went wrong, group keys, one call's arguments
DEFECTS = [
    ("R2", "MISSING_CHECK", "the command's reserved word was not checked",
     {}, (("EOPNOTSUPP", "CMD-5", 0), ONE), {"command": {"reserved": 1}}),
    ("M1", "DENIAL_OF_SERVICE", "entry_num had no bound",
     {}, (("EINVAL", "CMD-6", 0), ONE),
     {"command": {"entryNum": MAX_NUM + 1}}),
    ("M3", "MISSING_CHECK", "the array was used before it was known not to"
     " be null", {}, (("EINVAL", "CMD-6", 0), ONE),
     {"command": {"dataUptr": 0}}),
    ("M4", "MISSING_CHECK", "the operation was called though there is none",
     {}, (("EOPNOTSUPP", "CMD-7", 0), ONE), {"command": {"hwpt": "no-op"}}),
    ("M5", "WRONG_COUNT", "an early failure left the input in entry_num",
     {}, (("EINVAL", "COPY-1", 0), TWO), {"command": {"entryLen": 25}}),
    ("M6", "ABI", "an empty array was refused",
     {}, (("0", "", 0), []), {"command": {"dataUptr": 0}}),
    ("M7", "OVERFLOW", "entry_num * entry_len overflowed 32 bits",
     {}, (("EINVAL", "CMD-6", 0), ONE),
     {"command": {"entryNum": 0x0aaaaaab}}),
    ("M8", "OVERFLOW", "the full-flush value was compared as a 32-bit one",
     {}, (("EINVAL", "AUD-4", 2), [entry(0, 0xffffffff), entry(0, U64_MAX),
                                   entry(0x1000, U64_MAX)]), {}),
    ("R5", "LOST_HINT", "LEAF was ignored",
     {}, (("0", "", 2), [entry(0x5000, 1, 1), entry(0x5000)]), {}),
    ("I8", "WRONG_RANGE", "the block was sized before it was aligned",
     {}, (("0", "", 1), [entry(0x3000, 4)]), {}),
    ("I9", "WRONG_RANGE", "npages 0 met an undefined logarithm",
     {}, (("0", "", 2), [entry(0, 0), entry(0x5000, 0)]), {}),
    ("I10", "WRONG_RANGE", "the byte size of 2^52 pages wraps to 0",
     {}, (("0", "", 1), [entry(0, 1 << 52)]), {}),
    ("S4", "WRONG_RANGE", "2^52 + 1 pages flushed one",
     {}, (("0", "", 1), [entry(0, (1 << 52) + 1)]), {}),
    ("M9", "WRONG_RANGE", "the mask was widened, the device's size was not",
     {"units": PLAIN}, (("0", "", 1), [entry(0x1000, 4)]), {}),
    ("M10", "WRONG_RANGE", "a mask wider than the widest address",
     {}, (("0", "", 1), [entry(0xfffffffffffff000, 2)]), {}),
    ("M11", "WRONG_RANGE", "the mask of unaligned ranges was wrong",
     {}, (("0", "", 1), [entry(0x7000, 3)]), {}),
    ("M12", "WRONG_RANGE", "an aligned range was widened, or one bit short",
     {}, (("0", "", 2), [entry(0x8000, 8), entry(0xf000, 1)]), {}),
    ("M13", "WRONG_ENCODING", "PFSID bits 15:4 at the wrong place",
     {"units": [unit(iotlb(), device(0xabcd, 0xfedc))]},
     (("0", "", 1), [entry(0x5000)]), {}),
    ("M14", "WRONG_ENCODING", "a shift by 64 for the full range",
     {"units": PLAIN}, (("0", "", 1), [entry(0, U64_MAX)]), {}),
    ("M15", "LOST_HINT", "the invalidation hint was lost",
     {}, (("0", "", 1), [entry(0x40000000, 512, 1)]), {}),
    ("M16", "WRONG_ENCODING", "second-stage descriptors for a stage-1"
     " table", {}, (("0", "", 1), [entry(0x5000)]), {}),
    ("M17", "WRONG_ENCODING", "the full flush as page-selective AM 52",
     {}, (("0", "", 1), [entry(0, U64_MAX)]), {}),
    ("M19", "WRONG_ENCODING", "a PASID's neighbours in its quadword",
     {"units": [unit(iotlb(0xfffff), device(pasid=0xfffff))]},
     (("0", "", 1), [entry(0x5000)]), {}),
    ("M20", "WRONG_TARGET", "one target's full flush was the next ones' too",
     {"units": [unit(iotlb(), iotlb(7), device(), amMax=9)]},
     (("0", "", 2), [entry(0, 1024), entry(0x5000)]), {}),
    ("R3", "WRONG_TARGET", "device TLBs were flushed where there are none",
     {"units": [unit(iotlb(), device(), te=False)]},
     (("0", "", 1), [entry(0x5000)]), {}),
    ("R4", "WRONG_TARGET", "a device was flushed once per unit",
     {"units": [unit(iotlb(), device(), did=1), unit(iotlb(), did=2)]},
     (("0", "", 1), [entry(0x5000)]), {}),
    ("M21", "WRONG_TARGET", "one domain id got the work of all",
     {"units": [unit(iotlb(), did=1), unit(iotlb(), did=2)]},
     (("0", "", 1), [entry(0x5000)]), {}),
    ("M23", "WRONG_TARGET", "the device's flush was left out",
     {"units": PLAIN}, (("0", "", 1), [entry(0x5000)]), {}),
    ("O1", "WRONG_ORDER", "no fence between the IOTLB and the devices",
     {"units": PLAIN}, (("0", "", 1), [entry(0x5000)]), {}),
    ("R6", "LOST_ERROR", "an ICE was forgotten when an ITE came",
     {"revision": "v8", "units": PLAIN}, (("0", "", 5), FIVE),
     {"faults": [{"invalidation": 8, "kind": "ice"},
                 {"invalidation": 9, "kind": "ite"}]}),
    ("R7", "LOST_ERROR", "each retry forgot the time-out",
     {"revision": "v8", "units": PLAIN}, (("0", "", 1), [entry(0x5000)]),
     {"faults": ite(device=0x308, times="always")}),
    ("I1", "LOST_ERROR", "with nothing submitted the status was not"
     " initialised", {"revision": "v8", "units": []},
     (("0", "", 2), [entry(0x5000, 1, 0, hwError=3), entry(0x6000)]), {}),
    ("I2", "LOST_ERROR", "only the last device's fault survived",
     {"revision": "v8", "units": DUO}, (("0", "", 1), [entry(0x5000)]),
     {"faults": ite(device=0x308, times="always")}),
    ("I3", "LOST_ERROR", "the fault of the second of two was dropped",
     {"revision": "v8", "units": [unit(iotlb(), device(twice=True))]},
     (("EIO", "REP-10", 0), [entry(0x5000)]),
     {"faults": [{"invalidation": 2, "kind": "iqe", "code": 4}]}),
    ("R8", "LOST_ERROR", "the user's own bytes came back as an error",
     {"revision": "v8", "units": PLAIN},
     (("0", "", 2), [entry(0x5000, 1, 0, hwError=0xffffffff),
                     entry(0x6000, 0, 0, hwError=2)]), {}),
    ("I4", "LOST_ERROR", "hw_error was cleared after an early return",
     {"revision": "v8", "units": PLAIN},
     (("EINVAL", "AUD-3", 1), [entry(0x5000, 0, 0, hwError=3),
                               entry(0x5001, 1, 0, hwError=3)]), {}),
    ("I7", "LOST_ERROR", "one entry's error stuck to the next ones",
     {"revision": "v8", "attribution": "single", "units": PLAIN},
     (("0", "", 5), FIVE), {"faults": ite(invalidation=5)}),
    ("I5", "WRONG_COUNT", "an entry was not counted since its write-back"
     " failed", {"revision": "v8", "units": PLAIN}, (("EFAULT", "REP-7", 2),
                                                    TWO),
     {"memory": {"readOnly": [[0x1002c, 4]]}}),
    ("I6", "OVERWRITE", "the whole entry was written back",
     {"revision": "v8", "units": PLAIN}, (("0", "", 2), TWO),
     {"memory": {"readOnly": [[0x10000, 20], [0x10018, 20]]}}),
    ("E1", "DENIAL_OF_SERVICE", "a refused descriptor that is not the first"
     " hung the queue", {"units": PLAIN}, (("EIO", "REP-10", 2), FIVE),
     {"faults": [{"invalidation": 2, "kind": "iqe", "code": 4}]}),
    ("E3", "LOST_ERROR", "a refused descriptor was reported as success",
     {}, (("EIO", "REP-10", 0), [entry(0x5000)]),
     {"faults": [{"invalidation": 0, "kind": "iqe", "code": 4}]}),
    ("S1", "LOST_ERROR", "a time-out was reported as success",
     {"units": PLAIN}, (("ETIMEDOUT", "REP-8", 0), [entry(0x5000)]),
     {"faults": ite(device=0x308, times="always")}),
    ("E4", "LOST_ERROR", "a live device's work was lost with a dead one's",
     {"revision": "v8", "attribution": "single", "units": DUO},
     (("0", "", 2), [entry(0x5000), entry(0x9000)]),
     {"faults": ite(invalidation=2), "state": ["descriptors"]}),
    ("E5", "DENIAL_OF_SERVICE", "a dead device was tried again for ever",
     {"revision": "v8", "units": PLAIN}, (("0", "", 200), [many(200)]),
     {"faults": ite(device=0x308, times="always")}),
    ("E6", "DENIAL_OF_SERVICE", "only the last wait was looked at after a"
     " time-out", {"revision": "v8", "units": PLAIN}, (("0", "", 5), FIVE),
     {"faults": ite(invalidation=9), "state": ["descriptors"]}),
    ("S2", "LOST_ERROR", "an ICE was only logged",
     {"revision": "v8", "units": PLAIN}, (("0", "", 1), [entry(0x5000)]),
     {"faults": [{"invalidation": 1, "kind": "ice"}],
      "state": ["descriptors"]}),
    ("M24", "DENIAL_OF_SERVICE", "aborted waits on even slots were missed",
     {"revision": "v8", "attribution": "single", "units": DUO},
     (("0", "", 5), FIVE), {"faults": ite(invalidation=2, times=1)
                            + ite(invalidation=6, times=1)}),
    ("M27", "LOST_ERROR", "the requester was read after it had been cleared",
     {"revision": "v8", "units": DUO},
     (("0", "", 2), [entry(0x5000), entry(0x9000)]),
     {"faults": ite(device=0x508, times="always")}),
    ("M28", "WRONG_COUNT", "unknown requests were skipped and counted",
     {"units": PLAIN}, (("EOPNOTSUPP", "AUD-1", 1),
                        ONE + [entry(0x5000, 1, 2), entry(0x6000)]), {}),
]


# Rules behind a defect, beside the one that the input broke
BEHIND = {"E1": ["QUE-3", "QUE-4"], "E3": ["REP-16"], "S1": ["REP-16"],
          "M27": ["QUE-7", "QUE-10"], "O1": ["ENC-3", "QUE-2"],
          "E5": ["QUE-18"], "M24": ["QUE-8"], "E4": ["QUE-9"],
          "M17": ["COV-6"], "M13": ["ENC-7"], "M20": ["COV-7"],
          "M21": ["ENC-5"], "I1": ["ENC-10"], "I8": ["COV-1"],
          "I10": ["COV-1", "COV-6"], "S4": ["AUD-7"], "I9": ["AUD-6"],
          "R5": ["ENC-9"], "M15": ["ENC-9"], "I6": ["REP-6"]}


def defects():
    """One test for each for each defect that a call can show."""
    f = File("defects.json",
             "One call for each known defect of real implementations that a"
             " single call can show. The flag is the defect's identifier.")
    for name, bug, text, keys, (want, entries), more in DEFECTS:
        f.note(name, bug, text[0].upper() + text[1:] + ".", (), [name])
        g = f.group("Request", name,
                    **{"revision": "linux", "units": LONE, **keys})
        rules = ([want[1]] if want[1] else []) + BEHIND.get(name, [])
        g.call(text, want, entries, [name], rules, **more)
    return f
