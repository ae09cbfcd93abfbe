# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A whole call by the rules of docs/spec.md: command, array, queue, report.

The receiver that is assumed here executes in order and has fetched a whole
submission before a device's time-out is noticed.
"""

from rules import (CHUNK, ICE, ITE, Refused, audit, needs_fence, stream,
                   submissions, type_of)

COMMAND_AT = 0x1000
ARRAY_AT = 0x10000
ENTRY_LEN = {"Request": 24, "SelfTest": 8}
DATA_TYPE = {"Request": 0, "SelfTest": 0xdeadbeef}
SPACE = 1 << 64


class Memory:
    """The user's memory: what is mapped and what faults (vectors.md 3.4)."""

    def __init__(self, mapped, memory):
        self.mapped = mapped
        self.holes = memory.get("holes", [])
        self.read_only = memory.get("readOnly", [])

    @staticmethod
    def _within(addr, ranges):
        return any(start <= addr < start + size for start, size in ranges)

    def readable(self, addr, size):
        """Can every one of these bytes be read?"""
        return all(self._within(a, self.mapped)
                   and not self._within(a, self.holes)
                   for a in range(addr, addr + size))

    def writable(self, addr, size):
        """Can every one of these bytes be written?"""
        return (self.readable(addr, size)
                and not any(self._within(a, self.read_only)
                            for a in range(addr, addr + size)))


def expand(entries):
    """Entries with "range" written out: (addr, npages, flags, word) each."""
    out = []
    for entry in entries:
        one = entry.get("range", entry)
        for i in range(one.get("count", 1)):
            addr = (one["addr"] + i * one.get("stride", 0)) % SPACE
            out.append((addr, one["npages"], one.get("flags", 0),
                        one.get("hwError", 0)))
    return out


# ----------------------------------------------------------------- command

def plain(kind, test, count):
    """The fields of the command, defaults filled in."""
    command = {"hwpt": "table", "dataUptr": ARRAY_AT,
               "dataType": DATA_TYPE[kind], "entryLen": ENTRY_LEN[kind],
               "entryNum": count, "reserved": 0, "trailing": ""}
    command.update(test.get("command", {}))
    trailing = bytes.fromhex(command["trailing"])
    command.setdefault("size", 32 + len(trailing))
    return command


def check_copy_in(command, memory):
    """CMD-1 to CMD-4."""
    if not memory.readable(COMMAND_AT, 4):
        raise Refused("EFAULT", "CMD-1")
    if command["size"] < 32:
        raise Refused("EINVAL", "CMD-2")
    trailing = bytes.fromhex(command["trailing"])
    for i in range(32, command["size"]):
        if not memory.readable(COMMAND_AT + i, 1):
            raise Refused("EFAULT", "CMD-3")
        if trailing[i - 32]:
            raise Refused("E2BIG", "CMD-3")
    if not memory.readable(COMMAND_AT, 32):
        raise Refused("EFAULT", "CMD-4")


LOOKUP = {"missing": "ENOENT", "wrong-kind": "EINVAL", "no-op": "EOPNOTSUPP"}


def check_fields(kind, command):
    """CMD-5 to CMD-9 and COPY-1. False for a probe."""
    if command["reserved"]:
        raise Refused("EOPNOTSUPP", "CMD-5")
    if command["entryNum"]:
        if (command["dataUptr"] == 0 or command["entryLen"] == 0
                or command["entryLen"] > 4096
                or command["entryNum"] > 1 << 19):
            raise Refused("EINVAL", "CMD-6")
    if command["hwpt"] in LOOKUP:
        raise Refused(LOOKUP[command["hwpt"]], "CMD-7")
    if command["dataType"] != DATA_TYPE[kind]:
        raise Refused("EINVAL", "CMD-8")
    if command["entryNum"] == 0:
        return False
    if command["entryLen"] != ENTRY_LEN[kind]:
        raise Refused("EINVAL", "COPY-1")
    return True


def call(kind, group, test):
    """The outcome of a test: a dict with errno, rule, entryNum and more."""
    entries = (expand(test["entries"]) if kind == "Request" else
               [(e.get("flags", 0), e["iotlbId"]) for e in test["entries"]])
    command = plain(kind, test, len(entries))
    length = ENTRY_LEN[kind]
    memory = Memory([(COMMAND_AT, 32 + len(command["trailing"]) // 2),
                     (command["dataUptr"], length * len(entries))],
                    test.get("memory", {}))
    out = {"errno": "0", "rule": "", "entryNum": 0, "written": True}
    walk = (Walk if kind == "Request" else SelfTest)(group, test, entries)
    try:
        check_copy_in(command, memory)
    except Refused as why:
        out.update(errno=why.errno, rule=why.rule, written=False)
        return {**out, **walk.outcome()}
    try:
        if check_fields(kind, command):
            walk.run(command, memory)
    except Refused as why:
        out.update(errno=why.errno, rule=why.rule)
    out["entryNum"] = walk.handled
    if not memory.writable(COMMAND_AT, 32):
        out.update(errno="EFAULT", rule="CMD-11", written=False)
    return {**out, **walk.outcome()}


def check_entry(command, memory, index, length):
    """COPY-2, COPY-4."""
    addr = command["dataUptr"] + index * length
    if addr + length > SPACE:
        raise Refused("EFAULT", "COPY-4")
    if not memory.readable(addr, length):
        raise Refused("EFAULT", "COPY-2")
    return addr


# --------------------------------------------------------------- self-test

class SelfTest:
    """The data type of iommufd's self-test (SELF-1, SELF-2)."""

    def __init__(self, _group, test, entries):
        self.entries = entries
        self.iotlb = list(test["iotlb"])
        self.handled = 0

    def run(self, command, memory):
        """Entry by entry."""
        for index in range(command["entryNum"]):
            check_entry(command, memory, index, 8)
            flags, iotlb_id = self.entries[index]
            if flags & ~1:
                raise Refused("EOPNOTSUPP", "SELF-1")
            if iotlb_id > 3:
                raise Refused("EINVAL", "SELF-2")
            for i in range(4) if flags & 1 else [iotlb_id]:
                self.iotlb[i] = 0
            self.handled += 1

    def outcome(self):
        """What a test states beyond errno and count."""
        return {"iotlb": self.iotlb}


# -------------------------------------------------------------------- walk

class Walk:
    """The array of a Request: chunks, units, report."""

    def __init__(self, group, test, entries):
        self.group = group
        self.entries = entries
        self.handled = 0
        self.hw_error = []
        self.units = [Unit(unit, index, group, test.get("faults", []))
                      for index, unit in enumerate(group["units"])]

    def gather(self, command, memory, first):
        """Copy and audit a chunk: requests, and why it ends early."""
        requests = []
        for index in range(first, min(first + CHUNK, command["entryNum"])):
            try:
                check_entry(command, memory, index, 24)
                requests.append((index, audit(
                    self.entries[index], self.group["revision"],
                    self.group.get("audit", "compatible"),
                    self.group.get("vaBits", 48))))
            except Refused as why:
                return requests, why
        return requests, None

    def run(self, command, memory):
        """Chunk by chunk (REP-1 to REP-4)."""
        first = 0
        while first < command["entryNum"]:
            requests, why = self.gather(command, memory, first)
            outcomes = {index: Outcome() for index, _ in requests}
            for unit in self.units:
                unit.serve(requests, outcomes)
            self.report(command, memory, outcomes)
            if why:
                raise why
            first += CHUNK

    def report(self, command, memory, outcomes):
        """Count the leading handled entries and write hw_error back."""
        for index, outcome in sorted(outcomes.items()):
            failed = outcome.failure(self.group["revision"])
            if failed:
                raise failed
            self.handled += 1
            self.hw_error.append(outcome.hw_error)
            word = command["dataUptr"] + 24 * index + 20
            if (self.group["revision"] == "v8"
                    and not memory.writable(word, 4)):
                raise Refused("EFAULT", "REP-7")

    def outcome(self):
        """What a test states beyond errno and count."""
        out = {"descriptors": [u.fetched for u in self.units],
               "waits": [u.waits for u in self.units],
               "submissions": [u.submissions for u in self.units]}
        if self.group["revision"] == "v8":
            out["hwError"] = self.hw_error
        return out


class Outcome:
    """What hardware said about one entry."""

    def __init__(self):
        self.hw_error = 0
        self.refused = False
        self.broken = False

    def failure(self, revision):
        """Why the entry is not handled, or None (REP-4, -8, -10)."""
        if self.broken:
            return Refused("EIO", "QUE-6")
        if self.refused:
            return Refused("EIO", "REP-10")
        if revision == "linux" and self.hw_error & ITE:
            return Refused("ETIMEDOUT", "REP-8")
        return None


# ------------------------------------------------------------------- queue

class Wait:
    """A wait descriptor of the producer."""

    sid = None

    def __init__(self, flags):
        self.flags = flags


class Fault:
    """An injected fault (vectors.md 3.5)."""

    def __init__(self, spec):
        self.spec = spec
        self.left = spec.get("times", 1)

    def strikes(self, item, invalidation, descriptor):
        """Is this descriptor struck?"""
        if self.left == 0:
            return False
        spec = self.spec
        if "device" in spec:
            hit = not isinstance(item, Wait) and item.sid == spec["device"]
        elif "invalidation" in spec:
            hit = (not isinstance(item, Wait)
                   and invalidation >= spec["invalidation"])
        else:
            hit = descriptor >= spec["descriptor"]
        if hit and self.left != "always":
            self.left -= 1
        return hit


class Unit:
    """One IOMMU: its queue's producer, and the receiver behind it."""

    def __init__(self, spec, index, group, faults):
        self.spec = spec
        self.cover = group.get("cover", "two")
        self.blame = group.get("attribution", "all")
        self.timeouts_max = group.get("timeoutsMax", 3)
        self.quirks = spec.get("quirks", [])
        self.faults = [Fault(f) for f in faults if f.get("unit", 0) == index]
        self.timeouts = {}  # per requester (QUE-18)
        self.fetched = []
        self.waits = []
        self.submissions = 0
        self.invalidations = 0
        self.descriptors = 0
        self.broken = False

    def serve(self, requests, outcomes):
        """Carry out a chunk: one stream, or one per entry (REP-13)."""
        groups = ([[r] for r in requests] if self.blame == "single"
                  else [requests])
        for group in groups:
            for part in submissions(stream(self.spec, group, self.cover)):
                self.submit(part, outcomes)

    def dead(self, sid):
        """Has the requester used up its time-outs?"""
        return self.timeouts.get(sid, 0) >= self.timeouts_max

    def submit(self, part, outcomes):
        """One submission to its end, whatever has to be issued again."""
        for d in part:
            if d.sid is not None and self.dead(d.sid):
                outcomes[d.entry].hw_error |= ITE  # QUE-18
        part = [d for d in part if d.sid is None or not self.dead(d.sid)]
        while part:
            lost, sid = self.issue(part, outcomes)
            if self.broken:
                for d in lost:
                    outcomes[d.entry].broken = True
                return
            part = self.after_timeout(lost, sid, outcomes)

    def after_timeout(self, lost, sid, outcomes):
        """QUE-9 and QUE-10: what is left to be issued again."""
        known = sid != 0 and any(d.sid == sid for d in lost)
        timed_out = [d for d in lost if d.sid is not None
                     and (d.sid == sid or not known)]
        for one in {d.sid for d in timed_out}:
            self.timeouts[one] = self.timeouts.get(one, 0) + 1
        for d in timed_out:
            if self.blame != "replay" or self.replay(d, outcomes):
                outcomes[d.entry].hw_error |= ITE  # REP-11
        return [d for d in lost if d not in timed_out]

    def replay(self, desc, outcomes):
        """REP-12: issued alone; does it time out again?"""
        if self.dead(desc.sid):
            return True
        lost, _ = self.issue([desc], outcomes)
        if lost:
            self.timeouts[desc.sid] += 1
        return bool(lost)

    def compose(self, part):
        """Fence and final wait join the descriptors (ENC-2, ENC-3)."""
        items = [d for d in part if d.sid is None]
        if needs_fence(part):
            plain_fence = self.spec.get("plainFence", False)
            items.append(Wait("FN" if plain_fence else "SW|FN"))
        items += [d for d in part if d.sid is not None]
        return items + [Wait("SW")]

    def issue(self, part, outcomes):
        """One doorbell. What was lost to a time-out, and its requester."""
        if self.broken:
            return part, 0
        self.submissions += 1
        lost, reported, senders = [], None, []
        items = self.compose(part)
        for place, item in enumerate(items):
            struck = self.fetch(item)
            if struck.get("broken"):
                self.broken = True
                rest = [d for d in items[place:] if not isinstance(d, Wait)]
                return lost + rest, 0
            senders += struck["ice"]
            reported = struck.get("ite", reported)
            if isinstance(item, Wait):
                self.waits.append(item.flags)
                if reported is None and item.flags != "FN":
                    lost = []  # proved by the wait's status
            elif struck.get("refused"):
                outcomes[item.entry].refused = True
            else:
                self.fetched.append(item.qw)
                lost.append(item)
        for sid in senders:
            self.note_ice(part, sid, outcomes)
        return (lost, reported) if reported is not None else ([], 0)

    def fetch(self, item, repair=False):
        """What befalls a descriptor as it is fetched."""
        inv, desc = self.invalidations, self.descriptors
        self.descriptors += 1
        self.invalidations += not isinstance(item, Wait)
        struck = {"ice": []}
        code = self.receiver_refuses(item)
        for fault in self.faults:
            if not fault.strikes(item, inv, desc):
                continue
            kind = fault.spec["kind"]
            sid = fault.spec.get("sid", item.sid)
            sid = 0 if "no-iqercd" in self.quirks else sid
            if kind == "iqe":
                code = fault.spec["code"]
            elif kind == "ite":
                struck["ite"] = sid
            else:
                struck["ice"].append(sid)
        if code is not None:
            struck.update(self.refuse(code, repair))
        return struck

    def receiver_refuses(self, item):
        """The code with which a quirk refuses a legal descriptor."""
        if isinstance(item, Wait):
            fn_only = "refuse-fn-only" in self.quirks and item.flags == "FN"
            return 4 if fn_only else None
        if "am-bound-18" in self.quirks and type_of(item.qw[0]) == 6:
            return 4 if (item.qw[1] & 0x3f) > 18 else None
        return None

    def refuse(self, code, repair):
        """An IQE: repaired, or the end of the queue (QUE-4 to QUE-6)."""
        code = 0 if "no-iqercd" in self.quirks else code
        if code not in (0, 2, 3, 4) or repair:
            return {"broken": True}
        return {"refused": True,
                **self.fetch(Wait("SW|FN"), repair=True)}

    def note_ice(self, part, sid, outcomes):
        """QUE-11: with the descriptors of the sender, or with all."""
        in_flight = [d for d in part if d.sid is not None]
        known = sid != 0 and any(d.sid == sid for d in in_flight)
        for d in in_flight:
            if d.sid == sid or not known:
                outcomes[d.entry].hw_error |= ICE
