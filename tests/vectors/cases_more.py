# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Faults in every place, policies with one another, images of memory."""

from build import File, KEYS, device, entry, iotlb, many, runs, unit
from cases_rules import VALID
from rules import U64_MAX


def files():
    """All of them."""
    return [sequences(), policies(), images()]


OTHER = 0x508
UNKNOWN = 0x999
TWO_DEVICES = (iotlb(), device(), device(OTHER, OTHER))
ONE_DEVICE = (iotlb(), device())
THREE = [many(3, 0x100000, 1, 0x2000)]
SIX = [many(6, 0x100000, 1, 0x2000)]
FENCE, WAIT = "the fence", "the final wait"

# What stands in the slots of a submission: the entry that a descriptor is
# for, or the wait. Worked out by hand from ENC-2 and ENC-8.
SHAPES = [
    ("an IOTLB", (iotlb(),), THREE, [0, 1, 2, WAIT]),
    ("an IOTLB and a device", ONE_DEVICE, THREE,
     [0, 1, 2, FENCE, 0, 1, 2, WAIT]),
    ("two devices", (device(), device(OTHER, OTHER)),
     [many(2, 0x100000, 1, 0x2000)], [0, 1, 0, 1, WAIT]),
    ("a device that needs everything twice", (iotlb(), device(twice=True)),
     [many(2, 0x100000, 1, 0x2000)], [0, 1, FENCE, 0, 0, 1, 1, WAIT]),
    ("two PASIDs", (iotlb(), iotlb(7), device(pasid=7)),
     [many(2, 0x100000, 1, 0x2000)], [0, 1, 0, 1, FENCE, 0, 1, WAIT]),
    ("an entry of two blocks", ONE_DEVICE,
     [entry(0x5000), entry(0x1000, 3)], [0, 1, 1, FENCE, 0, 1, 1, WAIT]),
]


def iqe(code=4, **place):
    """Hardware refuses a descriptor."""
    return {"kind": "iqe", "code": code, **place}


def ite(**place):
    """A device does not answer."""
    return {"kind": "ite", **place}


def ice(**place):
    """A device answers what was not asked."""
    return {"kind": "ice", **place}


def timed_out(revision, count, total):
    """The outcome when all from entry count on are blamed for a time-out."""
    if revision == "linux":
        return ("ETIMEDOUT", "REP-8", count)
    return ("0", "", total)


def late(revision):
    """The rule by which a revision reports a time-out."""
    return "REP-8" if revision == "linux" else "REP-5"


# --------------------------------------------------------------- sequences

def sequences():
    """Queues and faults."""
    f = File("sequences.json",
             "Faults in every place of a submission, in every submission of"
             " a call, on every unit, and one after the other.")
    f.note("RefusedAt", "LOST_ERROR",
           "Hardware refuses the descriptor in one slot: whatever the slot"
           " is, its owner alone learns of it, and a wait's repair does the"
           " wait's work.", ["QUE-4", "QUE-5", "REP-4", "REP-10"],
           ["E1", "E3"])
    f.note("RefusedWait", "LOST_ERROR",
           "Which reasons name a slot, and which condemn the queue, when it"
           " is a wait that is refused.", ["QUE-5", "QUE-6"], ["E1", "E6"])
    f.note("TimeOutAt", "LOST_ERROR",
           "A device's time-out is reported while the queue is at some"
           " slot, with the device's id, none, another one's, or an unknown"
           " one.", ["QUE-8", "QUE-9", "QUE-10"], ["E4", "M24", "M27"])
    f.note("ReadAhead", "LOST_ERROR",
           "Acceptable: how many descriptors are lost depends on how far"
           " hardware has read on. A receiver that has fetched fewer blames"
           " fewer entries; the entries before the first one that was lost"
           " are never blamed.", ["QUE-8", "QUE-10"])
    f.note("Sender", "LOST_ERROR",
           "A completion error names a sender, none, or one that nobody"
           " knows.", ["QUE-11", "REP-5", "REP-9"], ["S2", "R6"])
    f.note("Later", "LOST_ERROR",
           "The fault strikes the first, a middle or the last submission of"
           " a call.", ["REP-4", "REP-8", "REP-10"], ["E3", "S1", "I7"])
    f.note("Which", "LOST_ERROR",
           "The fault strikes one of several units.",
           ["ENC-5", "REP-1", "REP-5"], ["I2", "I3", "E4"])
    f.note("Several", "LOST_ERROR", "Several faults in one call.",
           ["QUE-4", "QUE-6", "QUE-11", "REP-4"], ["R6", "I3", "E1"])
    f.note("Dead", "DENIAL_OF_SERVICE",
           "A device that is gone is given up after the set number of"
           " time-outs, and its entries are still reported.",
           ["QUE-18", "REP-5", "REP-16"], ["E5", "S3", "S1"])
    f.note("Ring", "WRONG_ORDER",
           "Rings of all sizes, which wrap, and faults behind the place"
           " where they wrap.", ["QUE-1", "QUE-4", "QUE-12"], ["M24", "E1"])
    f.note("Time", "DENIAL_OF_SERVICE",
           "The caller has a budget of time.", ["QUE-13", "REP-15"], ["E5"])
    f.note("Receiver", "WRONG_BOUND",
           "Receivers that deviate, and faults on them.",
           ["QUE-4", "QUE-7", "ENC-3"], ["E1", "E3"])
    for revision in ("linux", "v8"):
        refused_at(f, revision)
    refused_wait(f)
    for revision in ("linux", "v8"):
        timed_out_at(f, revision)
        sender(f, revision)
        later(f, revision)
        which(f, revision)
        several(f, revision)
        dead(f, revision)
    rings(f)
    time(f)
    receivers(f)
    for revision in ("linux", "v8"):
        for other in (OTHER, 0):
            uneven(f, revision, other)
    return f


def refused_at(f, revision):
    """An IQE in every slot of several submissions."""
    for comment, targets, entries, slots in SHAPES:
        g = f.group("Request", "%s, %s" % (comment, revision),
                    revision=revision, units=[unit(*targets)])
        for at, owner in enumerate(slots):
            wait = owner in (FENCE, WAIT)
            want = (("0", "", max(o for o in slots if isinstance(o, int)) + 1)
                    if wait else ("EIO", "REP-10", owner))
            what = owner if wait else "a descriptor of entry %d" % owner
            g.call("slot %d, %s" % (at, what), want, entries, ["RefusedAt"],
                   ["QUE-4", "QUE-5"] + ([] if wait else
                                         ["REP-4", "REP-10"]),
                   ["descriptors"], faults=[iqe(3, descriptor=at)])


def refused_wait(f):
    """Every reason, at the fence and at the final wait."""
    g = f.group("Request", "a refused wait", revision="v8",
                units=[unit(*ONE_DEVICE)])
    for at, what in ((3, FENCE), (7, WAIT)):
        for code in range(16):
            names = code in (0, 2, 3, 4)
            g.call("reason %d at %s" % (code, what),
                   ("0", "", 3) if names else ("EIO", "QUE-6", 0), THREE,
                   ["RefusedWait"], ["QUE-5" if names else "QUE-6"],
                   ["descriptors"] if names else None,
                   faults=[iqe(code, descriptor=at)])


REPORTED = [("its own id", {"sid": 0x308}), ("no id", {"sid": 0}),
            ("the other device's id", {"sid": OTHER}),
            ("an unknown id", {"sid": UNKNOWN})]


def timed_out_at(f, revision):
    """An ITE in every place, with every id."""
    g = f.group("Request", "a time-out, attribution all, " + revision,
                revision=revision, units=[unit(*TWO_DEVICES)])
    two = [many(2, 0x100000, 1, 0x2000)]
    for comment, sid in REPORTED:
        # Slots: 0, 1 IOTLB, 2 fence, 3, 4 and 5, 6 devices, 7 wait.
        for at in range(8):
            last = at in (6, 7)
            g.call("slot %d, %s" % (at, comment),
                   timed_out(revision, 0, 2), two,
                   ["TimeOutAt"] + ([] if last else ["ReadAhead"]),
                   ["QUE-8", "QUE-10", "REP-11", late(revision)],
                   ["descriptors"] if last else None, acceptable=not last, faults=[ite(descriptor=at, **sid)])
    g = f.group("Request", "a time-out, attribution replay, " + revision,
                revision=revision, attribution="replay",
                units=[unit(*TWO_DEVICES)])
    for at in range(8):
        g.call("slot %d, which does not come again" % at, ("0", "", 2), two,
               ["TimeOutAt"], ["QUE-9", "REP-12"],
               faults=[ite(descriptor=at, sid=0x308)])
    g = f.group("Request", "a time-out, attribution single, " + revision,
                revision=revision, attribution="single",
                units=[unit(*ONE_DEVICE)])
    for index in range(3):
        g.call("of entry %d" % index, timed_out(revision, index, 3), THREE,
               ["TimeOutAt"], ["REP-13", late(revision)],
               faults=[ite(invalidation=2 * index + 1)])


def sender(f, revision):
    """An ICE with every id."""
    for blame in ("all", "single"):
        g = f.group("Request", "a completion error, attribution %s, %s"
                    % (blame, revision), revision=revision,
                    attribution=blame, units=[unit(*TWO_DEVICES)])
        for comment, sid in REPORTED:
            # Of the last entry the last descriptor
            g.call(comment, ("0", "", 2), [many(2, 0x100000, 1, 0x2000)],
                   ["Sender"],
                   ["QUE-11", "REP-9" if revision == "linux" else "REP-5"],
                   ["descriptors"], faults=[ice(invalidation=5, **sid)])


def later(f, revision):
    """Faults in each of three chunks."""
    g = f.group("Request", "three submissions of 32 entries, " + revision,
                revision=revision, units=[unit(*ONE_DEVICE)])
    for chunk in range(3):
        last = 64 * chunk + 63
        g.call("submission %d, its last descriptor is refused" % chunk,
               ("EIO", "REP-10", 32 * chunk + 31), [many(96)], ["Later"],
               ["REP-4", "REP-10"], faults=[iqe(invalidation=last)])
        g.call("submission %d, its first descriptor is refused" % chunk,
               ("EIO", "REP-10", 32 * chunk), [many(96)], ["Later"],
               ["REP-4", "REP-10"], faults=[iqe(invalidation=64 * chunk)])
        g.call("submission %d times out" % chunk,
               timed_out(revision, 32 * chunk, 96), [many(96)], ["Later"],
               ["REP-11", late(revision)], faults=[ite(invalidation=last)])
        g.call("submission %d has a completion error" % chunk,
               ("0", "", 96), [many(96)], ["Later"], ["QUE-11"],
               ["descriptorCount"], faults=[ice(invalidation=last)])
        g.call("submission %d condemns the queue" % chunk,
               ("EIO", "QUE-6", 32 * chunk), [many(96)], ["Later"],
               ["QUE-6"], faults=[iqe(6, invalidation=64 * chunk)])


def which(f, revision):
    """Two and three units, a fault on each."""
    units = [unit(iotlb(), device(), did=1),
             unit(iotlb(), device(OTHER, OTHER), did=2),
             unit(iotlb(), device(0x708, 0x708), did=9)]
    for num in (2, 3):
        g = f.group("Request", "%d units, %s" % (num, revision),
                    revision=revision, units=units[:num])
        for at in range(num):
            on = {"unit": at, "invalidation": 5}
            g.call("unit %d refuses a descriptor" % at,
                   ("EIO", "REP-10", 2), THREE, ["Which"],
                   ["ENC-5", "REP-1", "REP-10"], faults=[iqe(**on)])
            g.call("unit %d refuses its fence" % at, ("0", "", 3), THREE,
                   ["Which"], ["ENC-5", "QUE-5"], ["descriptors"],
                   faults=[iqe(unit=at, descriptor=3)])
            g.call("unit %d's device does not answer" % at,
                   timed_out(revision, 0, 3), THREE, ["Which"],
                   ["ENC-5", "REP-11", late(revision)], faults=[ite(**on)])
            g.call("unit %d has a completion error" % at, ("0", "", 3),
                   THREE, ["Which"], ["ENC-5", "QUE-11"], ["descriptors"],
                   faults=[ice(**on)])
            g.call("unit %d is condemned" % at, ("EIO", "QUE-6", 0), THREE,
                   ["Which"], ["ENC-5", "QUE-6"],
                   faults=[iqe(1, **on)])


def several(f, revision):
    """Faults one after the other, of the same kind or of different ones."""
    g = f.group("Request", "several faults, " + revision,
                revision=revision, units=[unit(*ONE_DEVICE)])
    # Invalidation descriptors: 0 to 2 IOTLB, 3 to 5 device.
    for first, second, count in ((0, 1, 0), (1, 2, 1), (2, 3, 0), (2, 5, 2),
                                 (1, 5, 1)):
        g.call("descriptors %d and %d are refused" % (first, second),
               ("EIO", "REP-10", count), THREE, ["Several"],
               ["QUE-4", "REP-4", "REP-10"], ["descriptors"],
               faults=[iqe(invalidation=first), iqe(invalidation=second)])
    g.call("a descriptor and the fence are refused", ("EIO", "REP-10", 1),
           THREE, ["Several"], ["QUE-4", "QUE-5", "REP-10"],
           ["descriptors"], faults=[iqe(invalidation=1), iqe(descriptor=4)])
    g.call("every descriptor is refused", ("EIO", "REP-10", 0), THREE,
           ["Several"], ["QUE-4", "REP-10"], ["descriptors"],
           faults=[iqe(invalidation=i) for i in range(6)])
    g.call("one is refused, and the queue is condemned behind it",
           ("EIO", "QUE-6", 0), THREE, ["Several"], ["QUE-6"],
           faults=[iqe(invalidation=2), iqe(7, invalidation=3)])
    g.call("one is refused, then a completion error",
           ("EIO", "REP-10", 1), THREE, ["Several"], ["QUE-11", "REP-10"],
           faults=[iqe(invalidation=1), ice(invalidation=5)])
    g.call("a completion error in each of two submissions",
           ("0", "", 64), [many(64)], ["Several"], ["QUE-11"],
           ["descriptorCount"],
           faults=[ice(invalidation=63), ice(invalidation=127)])
    g.call("a refused entry in front of a bad one: hardware decides",
           ("EIO", "REP-10", 1), THREE + [entry(1)], ["Several"],
           ["REP-3", "REP-4", "REP-10"], faults=[iqe(invalidation=1)])
    g.call("a bad entry behind a time-out",
           ("ETIMEDOUT", "REP-8", 0) if revision == "linux"
           else ("EINVAL", "AUD-3", 3), THREE + [entry(1)], ["Several"],
           ["REP-3", late(revision)], faults=[ite(invalidation=5)])


def dead(f, revision):
    """Devices that are gone (QUE-18)."""
    for bound in (1, 2, 5, 255):
        g = f.group("Request", "given up after %d, %s" % (bound, revision),
                    revision=revision, attribution="single",
                    timeoutsMax=bound, units=[unit(*TWO_DEVICES)])
        state = ["descriptors"] if revision == "v8" else None
        g.call("one of two never answers", timed_out(revision, 0, 6), SIX,
               ["Dead"], ["QUE-18", late(revision)], None,
               faults=[ite(device=OTHER, times="always")])
        g.call("neither answers", timed_out(revision, 0, 6), SIX, ["Dead"],
               ["QUE-18", "REP-16", late(revision)], None,
               faults=[ite(device=OTHER, times="always"),
                       ite(device=0x308, times="always")])
        g = f.group("Request", "one device, given up after %d, %s"
                    % (bound, revision), revision=revision,
                    attribution="single", timeoutsMax=bound,
                    units=[unit(*ONE_DEVICE)])
        g.call("it never answers", timed_out(revision, 0, 6), SIX, ["Dead"],
               ["QUE-18", late(revision)], state,
               faults=[ite(device=0x308, times="always")])
        g.call("it answers but once", timed_out(revision, 2, 6), SIX,
               ["Dead"], ["QUE-18", late(revision)], state if bound > 1
               else None, faults=[ite(invalidation=5)])


def rings(f):
    """Rings of different sizes, and faults after they wrapped."""
    state = ("descriptorCount", "waits", "submissions")
    # Each submission of 32 entries takes 66 slots.
    for slots in (128, 256, 512, 1024, 16384):
        g = f.group("Request", "%d slots" % slots, revision="v8",
                    units=[unit(*ONE_DEVICE, slots=slots)])
        g.call("320 entries, ten submissions of 66 slots", ("0", "", 320),
               [many(320)], ["Ring"], ["QUE-1", "QUE-12", "QUE-19"], state)
        if slots > 512:
            continue
        for index in (60, 64, 126, 127, 128, 129, 254, 255, 256):
            # 32 IOTLB descriptors, 32 device-TLB ones, over and over
            owner = index // 64 * 32 + index % 32
            g.call("invalidation descriptor %d is refused" % index,
                   ("EIO", "REP-10", owner), [many(320)], ["Ring"],
                   ["QUE-4", "QUE-12", "REP-10"],
                   faults=[iqe(2, invalidation=index)])
        g.call("the tenth submission times out", ("0", "", 320),
               [many(320)], ["Ring"], ["QUE-8", "QUE-12", "REP-5"],
               faults=[ite(invalidation=639)])


def time(f):
    """Budgets."""
    for revision in ("linux", "v8"):
        for units, what in (([], "no unit"), ([unit()], "no target"),
                            ([unit(device(), te=False)],
                             "a device, and translation is off")):
            g = f.group("Request", "no time, %s, %s" % (what, revision),
                        revision=revision, budget=0, units=units)
            g.call("there is nothing to wait for", ("0", "", 3), THREE,
                   ["Time"], ["QUE-13", "REP-15"])
        g = f.group("Request", "much time, " + revision, revision=revision,
                    budget=10000, units=[unit(*ONE_DEVICE)])
        g.call("none of it is needed", ("0", "", 96), [many(96)], ["Time"],
               ["QUE-13"])
        g.call("a time-out in between does not end it",
               timed_out(revision, 0, 3), THREE, ["Time"],
               ["QUE-13", late(revision)], faults=[ite(invalidation=5)])
        g.call("a refused descriptor does not end it",
               ("EIO", "REP-10", 1), THREE, ["Time"],
               ["QUE-13", "REP-10"], faults=[iqe(invalidation=1)])


def receivers(f):
    """Quirks, alone and with faults."""
    for quirk in ("no-resume", "refuse-fn-only", "no-iqercd"):
        g = f.group("Request", quirk, revision="v8",
                    units=[unit(*ONE_DEVICE, quirks=[quirk])])
        g.call("nothing happens", ("0", "", 3), THREE, ["Receiver"],
               ["ENC-3"])
        for at, count in ((1, 1), (5, 1), (6, 2)):
            g.call("slot %d is refused" % at, ("EIO", "REP-10", count),
                   THREE, ["Receiver"], ["QUE-4", "QUE-7"],
                   ["descriptors"], faults=[iqe(descriptor=at)])
        g.call("the last descriptor times out", ("0", "", 3), THREE,
               ["Receiver"], ["QUE-7", "QUE-10"],
               faults=[ite(invalidation=5)])
    g = f.group("Request", "no-iqercd, the reason is not known",
                revision="v8",
                units=[unit(*ONE_DEVICE, quirks=["no-iqercd"])])
    for code in (1, 5, 6, 7):
        g.call("reason %d reads as 0, which names a slot" % code,
               ("EIO", "REP-10", 1), THREE, ["Receiver"],
               ["QUE-4", "QUE-6", "QUE-7"], ["descriptors"],
               faults=[iqe(code, descriptor=1)])
    g = f.group("Request", "refuse-fn-only and a fence with FN alone",
                revision="v8", units=[unit(*ONE_DEVICE, plainFence=True,
                                           quirks=["refuse-fn-only"])])
    g.call("the fence is repaired", ("0", "", 3), THREE, ["Receiver"],
           ["ENC-3", "QUE-5"], ["descriptors"])
    g.call("the fence is repaired each time", ("0", "", 96), [many(96)],
           ["Receiver"], ["ENC-3", "QUE-5"], ["descriptorCount"])


def uneven(f, revision, other):
    """Of two devices one has all entries in a submission, the other some.

    24 entries: submission 0 has 24 IOTLB descriptors, 24 for the first device
    and 16 for the second one, of entries 0 to 15; submission 1 the rest, of
    entries 16 to 23.
    """
    g = f.group("Request", "two devices, 24 entries cut after 64 descriptors"
                ", the second device is %#x, %s" % (other, revision),
                revision=revision,
                units=[unit(iotlb(), device(), device(other, other))])
    every, some = [0, 24], [0, 16]
    for sid, what, blamed in (
            (0x308, "the first device", every),
            (other, "the second device", some if other else every),
            (UNKNOWN, "an unknown one", every)):
        uneven_pair(g, revision, what, {"invalidation": 63, "sid": sid},
                    blamed)
        uneven_pair(g, revision, what + ", in submission 1",
                    {"invalidation": 71, "sid": sid}, [16, 24])


def uneven_pair(g, revision, what, place, blamed):
    """A time-out and a completion error of entries from, to."""
    first, end = blamed
    for bits, fault, want, rules in (
            (2, ite, timed_out(revision, first, 24),
             ["QUE-10", "REP-11", late(revision)]),
            (1, ice, ("0", "", 24),
             ["QUE-11", "REP-9" if revision == "linux" else "REP-5"])):
        g.call("%s of %s" % (fault.__name__.upper(), what), want,
               [many(24)], ["TimeOutAt" if bits == 2 else "Sender"], rules,
               ["descriptorCount"], faults=[fault(**place)])
        if revision == "v8":
            words = [bits * (first <= i < end) for i in range(24)]
            stated = g.tests[-1]["expected"]["hwError"]
            assert stated == runs(words), (what, stated)


# ---------------------------------------------------------------- policies

PAGES_1_TO_14 = entry(0x1000, 14)  # two: 1-7 as 0-7, 8-14 as 8-15, so 0-15
BLOCKS = {"two": 1, "exact": 6}


def policies():
    """Attribution, revision, cover and audit with one another."""
    f = File("policies.json",
             "Every combination of revision, attribution, cover and audit"
             " meets each outcome: no policy may change what another one"
             " decides.")
    f.note("Plain", "BASIC", "Nothing happens.", ["COV-4", "COV-5"])
    f.note("BadEntry", "MISSING_CHECK", "An entry is refused.",
           ["AUD-3", "AUD-8", "REP-3"], ["M28"])
    f.note("Hardware", "LOST_ERROR", "Hardware reports a fault.",
           ["QUE-4", "QUE-10", "QUE-11"], ["E1", "E3", "S1", "S2"])
    for revision in ("linux", "v8"):
        for blame in ("all", "replay", "single"):
            for how in ("two", "exact"):
                for policy in ("compatible", "strict"):
                    combination(f, revision, blame, how, policy)
    return f


BLAME = {"all": "REP-11", "replay": "REP-12", "single": "REP-13"}


def combination(f, revision, blame, how, policy):
    """One of them. Two entries: one page, and pages 1 to 14."""
    two = [entry(0x100000), PAGES_1_TO_14]
    blocks = BLOCKS[how]
    cover = "COV-4" if how == "two" else "COV-5"
    g = f.group("Request", ", ".join((revision, blame, how, policy)),
                revision=revision, attribution=blame, cover=how,
                audit=policy, units=[unit(*ONE_DEVICE)])
    g.call("two entries", ("0", "", 2), two, ["Plain"],
           [cover, BLAME[blame]],
           ("descriptorCount", "waits", "submissions"))
    g.call("npages 0 behind the first one",
           ("EINVAL", "AUD-8", 1) if policy == "strict" else ("0", "", 3),
           [two[0], entry(0x5000, 0), two[1]], ["BadEntry"],
           ["AUD-8" if policy == "strict" else "AUD-6", "REP-3"])
    # The last descriptor of all is one for the device and of entry 1.
    last = 2 * (1 + blocks) - 1
    g.call("the last descriptor is refused", ("EIO", "REP-10", 1), two,
           ["Hardware"], ["QUE-4", "REP-10"],
           faults=[iqe(invalidation=last)])
    g.call("a completion error at the last descriptor", ("0", "", 2), two,
           ["Hardware"], ["QUE-11"], ["descriptorCount"],
           faults=[ice(invalidation=last)])
    want = {"all": timed_out(revision, 0, 2), "replay": ("0", "", 2),
            "single": timed_out(revision, 1, 2)}[blame]
    g.call("the last descriptor times out once", want, two, ["Hardware"],
           [BLAME[blame], late(revision)], faults=[ite(invalidation=last)])
    g.call("the device is gone", timed_out(revision, 0, 2), two,
           ["Hardware"], [BLAME[blame], "QUE-18", late(revision)],
           faults=[ite(device=0x308, times="always")])


# ------------------------------------------------------------------ images

# Name and bytes of the fields, in the order in which they stand in memory
LAYOUT = {
    "command": [("size", 4), ("hwptId", 4), ("dataUptr", 8), ("dataType", 4),
                ("entryLen", 4), ("entryNum", 4), ("reserved", 4)],
    "entry": [("addr", 8), ("npages", 8), ("flags", 4), ("hwError", 4)],
    "selfTestEntry": [("flags", 4), ("iotlbId", 4)],
}
PLAIN_FIELDS = {
    "command": {"size": 32, "hwptId": 5, "dataUptr": 0x7ffe12345678,
                "entryLen": 24, "entryNum": 3},
    "entry": {"addr": 0x40000000, "npages": 512, "flags": 1},
    "selfTestEntry": {"iotlbId": 3},
}


def image(what, order, fields):
    """The bytes of a structure."""
    return b"".join(fields.get(name, 0).to_bytes(size, order)
                    for name, size in LAYOUT[what])


def images():
    """Structures and slots as bytes, in both byte orders."""
    f = File("image.json",
             "What stands in memory, byte by byte: the user's structures in"
             " the byte order of the machine, slots of the ring always"
             " little-endian.")
    f.note("Structure", "WRONG_ENCODING",
           "A field stands at the wrong place, has the wrong size, or is"
           " taken in the wrong byte order.")
    f.note("Alone", "WRONG_ENCODING",
           "One field has all of its bits set: it touches no other.")
    f.note("Slot", "WRONG_ENCODING",
           "Hardware reads the ring little-endian on every machine, and a"
           " slot has 16 or 32 bytes.", ["ENC-1"])
    for order in ("little", "big"):
        g = f.group("Image", "a %s-endian machine" % order, order=order)
        for what, layout in LAYOUT.items():
            structure(g, what, layout, order)
        for dtype, qw in VALID.items():
            if dtype <= 5:
                g.slot("%s, 16 bytes" % KEYS[dtype], qw)
            g.slot("%s, 32 bytes" % KEYS[dtype], (*qw, 0, 0))
        g.slot("every byte of a slot differs", [
            int.from_bytes(bytes(range(i, i + 8)), "little")
            for i in (0x80, 0x88, 0x90, 0x98)])
    return f


def structure(g, what, layout, order):
    """A structure with plain values, different bytes, and single fields."""
    rules = {"command": ["CMD-4"], "entry": ["COPY-1"],
             "selfTestEntry": ["COPY-1"]}[what]
    plain = {name: PLAIN_FIELDS[what].get(name, 0) for name, _ in layout}
    g.image("%s, plain" % what, what, image(what, order, plain), plain,
            ["Structure"], rules)
    raw = bytes(range(0x11, 0x11 + sum(size for _, size in layout)))
    fields, at = {}, 0
    for name, size in layout:
        fields[name] = int.from_bytes(raw[at:at + size], order)
        at += size
    g.image("%s, every byte differs" % what, what, raw, fields,
            ["Structure"], rules)
    for name, size in layout:
        ones = {n: 0 for n, _ in layout}
        ones[name] = (1 << 8 * size) - 1
        g.image("%s, %s alone" % (what, name), what,
                image(what, order, ones), ones, ["Alone"], rules)
    if what == "entry":
        full = {"addr": 0, "npages": U64_MAX, "flags": 0, "hwError": 2}
        g.image("a full flush whose device timed out", what,
                image(what, order, full), full, ["Structure"],
                ["AUD-11", "REP-5", "REP-6"])
    if what == "command":
        done = {**plain, "entryNum": 2}
        g.image("command, written back with two entries handled", what,
                image(what, order, done), done, ["Structure"],
                ["CMD-10", "CMD-11"])
