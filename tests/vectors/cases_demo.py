# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The files of the demonstration."""

from rules import U64_MAX
from build import File, device, entry, iotlb, many, unit

OK = ("0", "", 1)


def files():
    """All of them, in order."""
    return [guest_flushes(), batch(), bad_third(), wrong_ranges(),
            time_outs(), queue_errors()]


def guest_flushes():
    """Demo a."""
    f = File("demo_a_qemu_guest_flushes.json",
             "What QEMU's VT-d acceleration sends: each invalidation of the"
             " guest is an ioctl of its own with one entry.",
             "One IOMMU unit, domain id 3, its IOTLB and one ATS device.")
    f.note("FullFlush", "WRONG_ENCODING",
           "PASID-selective flush of the guest: address 0 with npages"
           " 2^64-1. Linux 6.12 sends it as page-selective with AM 52.",
           ["AUD-11", "COV-6"], ["M17"])
    f.note("PageSelective", "WRONG_RANGE",
           "Page-selective flush of the guest: npages is 2^AM, and LEAF is"
           " the guest's IH.", ["COV-2", "COV-4", "ENC-9"], ["R5", "M15"])
    g = f.group("Request", "as iommufd offers it since Linux 6.8",
                revision="linux", units=[unit(iotlb(), device(mip=8))])
    both = ("descriptors", "waits", "submissions")
    function = 0x0300030800080003
    g.call("the guest flushes everything", OK, [entry(0, U64_MAX)],
           ["FullFlush"], ["AUD-11", "COV-6", "ENC-2", "ENC-3"], both,
           hand=[(0x30026, 0), (function, 0x7ffffffffffff001)])
    for am, what, size in ((0, "4 KiB", 0x40000000),
                           (9, "2 MiB", 0x400ff001),
                           (18, "1 GiB", 0x5ffff001)):
        for leaf, hint in ((0, "without IH"), (1, "with IH")):
            g.call("the guest flushes %s, AM %d, %s" % (what, am, hint), OK,
                   [entry(0x40000000, 1 << am, leaf)], ["PageSelective"],
                   ["COV-4", "ENC-2", "ENC-9"], both,
                   hand=[(0x30036, 0x40000000 | leaf << 6 | am),
                         (function, size)])
    return f


def batch():
    """Demo b."""
    f = File("demo_b_batch_of_512.json",
             "An array of 512 ranges, as a VMM that collects them sends it.",
             "32 entries go through the queue together, at most 64"
             " descriptors per submission: 16 or 32 submissions instead of"
             " 512.")
    f.note("Batch", "PERFORMANCE",
           "One submission serves many entries.", ["ENC-2", "ENC-4"])
    count = ("descriptorCount", "submissions")
    rules = ["ENC-2", "ENC-4", "COV-4"]
    for revision in ("linux", "v8"):
        g = f.group("Request", "one IOTLB and one ATS device",
                    revision=revision,
                    units=[unit(iotlb(), device(mip=8))])
        g.call("512 aligned ranges of 16 pages: 16 submissions",
               ("0", "", 512),
               [many(512, 0x100000000, 16, 0x20000)], ["Batch"], rules, count)
        g.call("512 single pages: 16 submissions", ("0", "", 512),
               [many(512, 0x100000000, 1, 0x3000)], ["Batch"], rules, count)
        g.call("512 ranges of two blocks each: 32 submissions",
               ("0", "", 512),
               [many(512, 0x100001000, 3, 0x8000)], ["Batch"], rules, count)
        g.call("512 ranges, the 300th bad: 299 are carried out in 10"
               " submissions", ("EINVAL", "AUD-3", 299),
               [many(299, 0x100000000, 16, 0x20000), entry(0x800, 1),
                many(212, 0x200000000, 16, 0x20000)], ["Batch"],
               rules + ["AUD-3", "REP-3"], count)
    return f


# A unit for the smaller demonstrations, and two good entries.
SMALL = [unit(iotlb(), device(mip=8))]
GOOD = [entry(0x40000000, 512, 1), entry(0x7f000, 1)]
TAIL = [entry(0x9000, 1)]


def bad_third():
    """Demo c."""
    f = File("demo_c_bad_third_entry.json",
             "Arrays of four entries whose third is bad, in each way there"
             " is: the first two are carried out, and the count is 2.")
    f.note("BadEntry", "MISSING_CHECK",
           "The third entry is refused; those before it are really carried"
           " out, those behind it are not.", ["AUD-5", "REP-2", "REP-3"],
           ["M28", "I10"])
    f.note("OutputField", "ABI",
           "In v8 the last word is an output; its input value is ignored.",
           ["AUD-2", "REP-5"], ["R8", "I4"])
    for revision in ("linux", "v8"):
        bad_in_both(f.group("Request", "compatible audit", revision=revision,
                            audit="compatible", units=SMALL))
    g = f.groups[0]
    g.call("last word not 0", ("EOPNOTSUPP", "AUD-2", 2),
           GOOD + [entry(0x1000, 1, 0, hwError=1)] + TAIL, ["BadEntry"],
           ["AUD-2", "REP-3"])
    f.groups[1].call(
        "last word not 0: four entries are handled", ("0", "", 4),
        GOOD + [entry(0x1000, 1, 0, hwError=0xffffffff)] + TAIL,
        ["OutputField"], ["AUD-2", "REP-5", "REP-6"])
    g = f.group("Request", "strict audit, 48 bits", revision="linux",
                audit="strict", vaBits=48, units=SMALL)
    for comment, rule, bad in (
            ("npages 0", "AUD-8", entry(0x5000, 0)),
            ("runs past the end of the address space", "AUD-9",
             entry(0xfffffffffffff000, 2)),
            ("not canonical", "AUD-10", entry(0x800000000000, 1)),
            ("crosses into the canonical hole", "AUD-10",
             entry(0x7ffffffff000, 2))):
        g.call(comment, ("EINVAL", rule, 2), GOOD + [bad] + TAIL,
               ["BadEntry"], [rule, "REP-3"])
    return f


def bad_in_both(g):
    """What both revisions refuse."""
    for comment, errno, rule, bad in (
            ("unknown flag", "EOPNOTSUPP", "AUD-1", entry(0x1000, 1, 2)),
            ("unknown flag beside LEAF", "EOPNOTSUPP", "AUD-1",
             entry(0x1000, 1, 0x80000001)),
            ("address not aligned", "EINVAL", "AUD-3", entry(0x1800, 1)),
            ("full flush with an address", "EINVAL", "AUD-4",
             entry(0x1000, U64_MAX))):
        g.call(comment, (errno, rule, 2), GOOD + [bad] + TAIL, ["BadEntry"],
               [rule, "REP-3"])
    g.call("its memory is gone", ("EFAULT", "COPY-2", 2),
           GOOD + [entry(0x1000, 1)] + TAIL, ["BadEntry"],
           ["COPY-2", "COPY-3", "REP-3"],
           memory={"holes": [[0x10030, 24]]})
    g.call("its last byte is gone", ("EFAULT", "COPY-2", 2),
           GOOD + [entry(0x1000, 1)] + TAIL, ["BadEntry"],
           ["COPY-2", "COPY-3", "REP-3"],
           memory={"holes": [[0x10047, 1]]})


# Address, npages, what it is, the descriptors worked out by hand, the rules of
# the compatible audit, and the rule with which the strict one refuses it.
PAGE_0 = [(0x30036, 0x0)]
ALL = [(0x30026, 0x0)]
ROWS = [
    (0, 1, "one page", PAGE_0, ["COV-4"], None),
    (0x1000, 3, "three pages in two blocks; kernels flush four",
     [(0x30036, 0x1000), (0x30036, 0x2001)], ["COV-1", "COV-4"], None),
    (0x7ffff000, 2, "two single pages; kernels flush 2^20",
     [(0x30036, 0x7ffff000), (0x30036, 0x80000000)], ["COV-4"], None),
    (0x7ffffffff000, 2, "two single pages; kernels flush 2^36",
     [(0x30036, 0x7ffffffff000), (0x30036, 0x800000000000)], ["COV-4"],
     "AUD-10"),
    (0, U64_MAX, "the full flush; Linux 6.12 sends AM 52", ALL,
     ["AUD-11", "COV-6"], None),
    (0, 1 << 52, "2^64 bytes; Linux 6.12 flushes one page", ALL,
     ["COV-1", "COV-6"], "AUD-10"),
    (0, 1 << 53, "2^65 bytes; Linux 6.12 flushes one page", ALL,
     ["AUD-7", "COV-6"], "AUD-9"),
    (0, 1 << 63, "2^75 bytes; Linux 6.12 flushes one page", ALL,
     ["AUD-7", "COV-6"], "AUD-9"),
    (0, (1 << 52) + 1, "2^64 bytes and a page; kernels flush one page", ALL,
     ["AUD-7", "COV-6"], "AUD-9"),
    (0x1000, 1 << 52, "2^64 bytes from 0x1000; kernels flush two pages or"
     " none", ALL, ["AUD-7", "COV-1", "COV-6"], "AUD-9"),
    (0xfffffffffffff000, 2, "wraps after the last page; Linux 6.12 sends"
     " AM 53", [(0x30036, 0xfffffffffffff000)], ["AUD-7"], "AUD-9"),
    (0, 0, "npages 0; Linux 6.12 flushes one page, 7.3 everything", [],
     ["AUD-6"], "AUD-8"),
    (0x5000, 0, "npages 0; kernels flush one or two pages", [], ["AUD-6"],
     "AUD-8"),
    (0x800000000000, 1, "not canonical with 48 bits: passed on",
     [(0x30036, 0x800000000000)], ["COV-4"], "AUD-10"),
    (0xff00000000000000, 1, "not canonical: passed on",
     [(0x30036, 0xff00000000000000)], ["COV-4"], "AUD-10"),
]


def wrong_ranges():
    """Demo d."""
    f = File("demo_d_ranges_kernels_get_wrong.json",
             "Ranges that Linux 6.12.117 or 7.3.4 flushes far too little or"
             " far too much of, and what the rules make of them.",
             "Domain id 3, IOTLB only, so that the descriptors can be"
             " compared with the measured ones.")
    f.note("WrongRange", "WRONG_RANGE",
           "Kernels flush something else than what was asked for.",
           ["AUD-6", "AUD-7", "COV-1", "COV-4", "COV-6"],
           ["I9", "I10", "S4", "M10", "M14", "M17"])
    f.note("Refused", "MISSING_CHECK",
           "The strict audit refuses what cannot be meant.",
           ["AUD-8", "AUD-9", "AUD-10"], ["I9", "I10", "S4"])
    f.note("NoTargets", "EDGE_CASE",
           "The table is attached to nothing: entries are counted and"
           " nothing is sent.", ["ENC-10"])
    alone = [unit(iotlb())]
    g = f.group("Request", "compatible audit", revision="linux",
                audit="compatible", units=alone)
    for addr, npages, comment, hand, rules, _ in ROWS:
        g.call(comment, OK, [entry(addr, npages)], ["WrongRange"], rules,
               hand=hand)
    g = f.group("Request", "compatible audit, exact cover",
                revision="linux", audit="compatible", cover="exact",
                units=alone)
    for addr, npages, comment, hand, _, _ in ROWS[1:4]:
        g.call(comment, OK, [entry(addr, npages)], ["WrongRange"],
               ["COV-1", "COV-5"], hand=hand)
    g = f.group("Request", "strict audit where it differs",
                revision="linux", audit="strict", vaBits=48, units=alone)
    for addr, npages, comment, _, _, rule in ROWS:
        if rule:
            g.call(comment.split(";")[0].split(":")[0] + ": refused",
                   ("EINVAL", rule, 0), [entry(addr, npages)], ["Refused"],
                   [rule])
    for units in ([], [unit()]):
        g = f.group("Request", "attached to no device", revision="linux",
                    units=units)
        g.call("counted, nothing sent", ("0", "", 2),
               [entry(0, 1), entry(0, U64_MAX)], ["NoTargets"], ["ENC-10"])
    return f


# ------------------------------------------------------------------ demo e

FIVE = [many(5, 0x100000, 1, 0x2000)]
LAST = {"invalidation": 9, "kind": "ite"}  # the last one of FIVE's ten
DEAD = {"device": 0x308, "kind": "ite", "times": "always"}


def time_outs():
    """Demo e."""
    f = File("demo_e_device_times_out.json",
             "Devices that do not answer a device-TLB invalidation.",
             "The faults strike the last descriptor of a submission where"
             " what is lost would otherwise depend on how far hardware had"
             " read ahead.")
    f.note("TimeOut", "LOST_ERROR",
           "Linux as shipped reports success. Here v8 tells which entries"
           " may be concerned, and linux ends the call with ETIMEDOUT and"
           " does not count the entry.",
           ["QUE-10", "REP-5", "REP-8", "REP-16"],
           ["E3", "S1", "S3", "E5", "R7", "I7"])
    f.note("UnknownRequester", "LOST_ERROR",
           "Hardware reports requester 0: every device with work in flight"
           " may be the one.", ["QUE-10"], ["M27"])
    f.note("OneDies", "LOST_ERROR",
           "One of two devices dies; the other one's work is issued again.",
           ["QUE-9", "QUE-10"], ["E4"])
    f.note("DeadForGood", "DENIAL_OF_SERVICE",
           "A device that never answers must not hold the call.",
           ["QUE-18"], ["E5", "S3"])
    for blame in ("all", "replay", "single"):
        for revision in ("v8", "linux"):
            one_device(f, revision, blame)
            unknown_requester(f, revision, blame)
            two_devices(f, revision, blame)
            dead_for_good(f, revision, blame)
    return f


def one_device(f, revision, blame):
    """A time-out in the middle of arrays of 5 and of 96 entries."""
    g = f.group("Request", "one ATS device, attribution " + blame,
                revision=revision, attribution=blame,
                units=[unit(iotlb(), device(mip=8))])
    linux = revision == "linux"
    policy = {"all": "REP-11", "replay": "REP-12", "single": "REP-13"}[blame]
    rules = [policy, "QUE-8", "QUE-10", "REP-8" if linux else "REP-5"]
    middle = {**LAST, "invalidation": 5 if blame == "single" else 9}
    full = ["descriptors"]
    if blame == "all":
        g.call("five entries in one submission: all may be concerned",
               ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 5), FIVE,
               ["TimeOut"], rules, full, faults=[middle])
        g.by_hand("the third one times out after hardware has read on",
                  ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 5), FIVE,
                  ["TimeOut"], rules, hw_error=None if linux else [2] * 5,
                  faults=[{**LAST, "invalidation": 7}])
    elif blame == "replay":
        g.call("the time-out does not come again: nobody is blamed",
               ("0", "", 5), FIVE, ["TimeOut"], rules, full, faults=[middle])
        g.by_hand("the third one times out, once", ("0", "", 5), FIVE,
                  ["TimeOut"], rules, hw_error=None if linux else [0] * 5,
                  faults=[{**LAST, "invalidation": 7}])
        g.call("the time-out comes again for the third entry",
               ("ETIMEDOUT", "REP-8", 2) if linux else ("0", "", 5), FIVE,
               ["TimeOut"], rules, None if linux else full,
               faults=[middle, {**middle, "invalidation": 12}])
    else:
        g.call("the third entry's submission times out",
               ("ETIMEDOUT", "REP-8", 2) if linux else ("0", "", 5), FIVE,
               ["TimeOut"], rules, None if linux else full, faults=[middle])
    count = {"all": 32, "replay": 96, "single": 63}[blame]
    want = ("0", "", 96)
    if linux and count < 96:
        want = ("ETIMEDOUT", "REP-8", count)
    g.call("96 entries, the last descriptor of the second 32 times out",
           want, [many(96)], ["TimeOut"], rules,
           ("descriptorCount",) if want[0] == "0" else None,
           faults=[{"invalidation": 127, "kind": "ite"}])


def unknown_requester(f, revision, blame):
    """Reported id 0, or one that nothing is in flight for."""
    if blame == "replay":
        return
    g = f.group("Request", "two ATS devices, attribution " + blame,
                revision=revision, attribution=blame,
                units=[unit(iotlb(), device(mip=8),
                            device(0x508, 0x508, mip=8))])
    linux = revision == "linux"
    strike = 5 if blame == "single" else 8
    entries = [many(3, 0x100000, 1, 0x2000)]
    count = 1 if blame == "single" else 0
    for sid, what in ((0, "requester 0"), (0x999, "an unknown requester")):
        g.call("hardware reports " + what,
               ("ETIMEDOUT", "REP-8", count) if linux else ("0", "", 3),
               entries, ["UnknownRequester"],
               ["QUE-10", "REP-8" if linux else "REP-5"],
               None if linux else ["descriptors"],
               faults=[{"invalidation": strike, "kind": "ite", "sid": sid}])


def two_devices(f, revision, blame):
    """One of two ATS devices times out."""
    g = f.group("Request", "two ATS devices, one dies, attribution " + blame,
                revision=revision, attribution=blame,
                units=[unit(iotlb(), device(mip=8),
                            device(0x508, 0x508, mip=8))])
    linux = revision == "linux"
    entries = [many(3, 0x100000, 1, 0x2000)]
    rules = ["QUE-9", "QUE-10", "REP-8" if linux else "REP-5"]
    for sid, what in ((0x308, "first"), (0x508, "second")):
        g.call("the %s one never answers" % what,
               ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 3),
               entries, ["OneDies"], rules, faults=[{**DEAD, "device": sid}])
    if blame == "all":
        g.call("the second one's last descriptor: the first one's are"
               " issued again",
               ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 3),
               entries, ["OneDies"], rules, ["descriptors"],
               faults=[{"invalidation": 8, "kind": "ite",
                        "sid": 0x508}])


def dead_for_good(f, revision, blame):
    """A device that never answers (QUE-18)."""
    g = f.group("Request", "one dead ATS device, attribution " + blame,
                revision=revision, attribution=blame, timeoutsMax=3,
                units=[unit(iotlb(), device(mip=8))])
    linux = revision == "linux"
    rules = ["QUE-18", "REP-8" if linux else "REP-5"]
    g.call("six entries",
           ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 6),
           [many(6, 0x100000, 1, 0x2000)], ["DeadForGood"], rules,
           ["descriptors"] if blame == "single" and not linux else None,
           faults=[DEAD])
    g.call("160 entries",
           ("ETIMEDOUT", "REP-8", 0) if linux else ("0", "", 160),
           [many(160)], ["DeadForGood"], rules, faults=[DEAD])


# ------------------------------------------------------------------ demo f

def queue_errors():
    """Demo f."""
    f = File("demo_f_queue_error_mid_submission.json",
             "Descriptors that hardware refuses in the middle of a"
             " submission.",
             "The slot is repaired, nobody else suffers, the entry is not"
             " counted and the call ends with EIO. Linux as shipped hangs"
             " unless the first descriptor is the bad one, and then reports"
             " success.")
    f.note("QueueError", "LOST_ERROR",
           "An IQE that names a slot.", ["QUE-4", "QUE-5", "REP-10"],
           ["E1", "E2", "E3", "S1"])
    f.note("OwnWait", "LOST_ERROR",
           "The refused descriptor is the fence or the final wait: its"
           " repair does its work.", ["QUE-5"], ["E6", "M24"])
    f.note("Broken", "LOST_ERROR",
           "An IQE that condemns the queue.", ["QUE-6"], ["E1", "E3"])
    f.note("AmBound", "WRONG_BOUND",
           "QEMU refuses AM above 18 in type 6, against the specification.",
           ["COV-7", "REP-10"], ["E3"])
    for revision in ("linux", "v8"):
        queue_error_group(f, revision)
    am_bound(f)
    return f


def queue_error_group(f, revision):
    """Five entries, ten descriptors: 0-4 IOTLB, 5-9 device TLB."""
    g = f.group("Request", "one IOTLB and one ATS device",
                revision=revision, units=[unit(iotlb(), device(mip=8))])
    for place, count in ((0, 0), (2, 2), (4, 4), (5, 0), (7, 2), (9, 4)):
        g.call("descriptor %d is refused" % place, ("EIO", "REP-10", count),
               FIVE, ["QueueError"], ["QUE-4", "QUE-5", "REP-10", "REP-4"],
               ["descriptors"],
               faults=[{"invalidation": place, "kind": "iqe", "code": 4}])
    g.call("two descriptors are refused: the lower entry decides",
           ("EIO", "REP-10", 1), FIVE, ["QueueError"],
           ["QUE-4", "REP-4", "REP-10"], ["descriptors"],
           faults=[{"invalidation": 3, "kind": "iqe", "code": 3},
                   {"invalidation": 6, "kind": "iqe", "code": 3}])
    g.call("96 entries, one of the second 32 is refused",
           ("EIO", "REP-10", 40), [many(96)], ["QueueError"],
           ["QUE-4", "REP-10", "REP-4"], ["descriptorCount"],
           faults=[{"invalidation": 72, "kind": "iqe", "code": 4}])
    for code in (0, 2, 3):
        g.call("reason %d names a slot too" % code, ("EIO", "REP-10", 2),
               FIVE, ["QueueError"], ["QUE-4", "REP-10"], ["descriptors"],
               faults=[{"invalidation": 2, "kind": "iqe", "code": code}])
    for place, what in ((5, "the fence"), (11, "the final wait")):
        g.call(what + " is refused and repaired", ("0", "", 5), FIVE,
               ["OwnWait"], ["QUE-5"], ["descriptors"],
               faults=[{"descriptor": place, "kind": "iqe", "code": 4}])
    for code in (1, 5, 6, 7, 8, 15):
        g.call("reason %d" % code, ("EIO", "QUE-6", 0), FIVE, ["Broken"],
               ["QUE-6"],
               faults=[{"invalidation": 2, "kind": "iqe", "code": code}])
    g.call("the repair is refused too", ("EIO", "QUE-6", 0), FIVE,
           ["Broken"], ["QUE-6"],
           faults=[{"descriptor": 2, "kind": "iqe", "code": 4, "times": 2}])


def am_bound(f):
    """QEMU 10.0 as the receiver."""
    qemu = ["am-bound-18", "no-resume", "refuse-fn-only", "no-iqercd"]
    ranges = [entry(0x40000000, 1 << 18), entry(0, 1 << 19),
              entry(0x40000000, 512)]
    g = f.group("Request", "QEMU 10.0, told nothing of its bound",
                revision="linux", units=[unit(iotlb(), quirks=qemu)])
    g.call("AM 19 is refused", ("EIO", "REP-10", 1), ranges, ["AmBound"],
           ["QUE-4", "REP-10"], ["descriptors"])
    g = f.group("Request", "QEMU 10.0 with amMax 18", revision="linux",
                units=[unit(iotlb(), quirks=qemu, amMax=18)])
    g.call("AM 19 becomes PASID-selective", ("0", "", 3), ranges,
           ["AmBound"], ["COV-7"], ["descriptors"])
    g.call("two pages across 1 GiB stay two pages", ("0", "", 1),
           [entry(0x3ffff000, 2)], ["AmBound"], ["COV-4", "COV-7"],
           ["descriptors"])
    g = f.group("Request", "QEMU 10.0 with a device", revision="linux",
                units=[unit(iotlb(), device(mip=8), quirks=qemu, amMax=18,
                            dit=False)])
    g.call("the device keeps its block", ("0", "", 3), ranges, ["AmBound"],
           ["COV-7", "ENC-3"], ["descriptors", "waits"])
