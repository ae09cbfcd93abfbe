# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Files, groups and tests, with outcomes computed by the rules."""

import rules as R
from calls import call

VERSION = "0.1.0"
HEX_KEYS = {"addr", "stride", "dataUptr", "sid", "pfsid", "device", "qw0"}
BIG = 1 << 32


def hexa(value):
    """A number as a hexadecimal string."""
    return hex(value)


def words(qw):
    """Quadwords as strings, zeros at the end left out down to two."""
    qw = list(qw)
    while len(qw) > 2 and qw[-1] == 0:
        qw.pop()
    return [hexa(q) for q in qw]


def show(value, key=""):
    """Inputs as they stand in the file: addresses and big numbers in hex."""
    if isinstance(value, dict):
        return {k: show(v, k) for k, v in value.items()}
    if isinstance(value, list):
        if key in ("holes", "readOnly"):
            return [[hexa(a), n] for a, n in value]
        return [show(v, key) for v in value]
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return hexa(value) if key in HEX_KEYS or value >= BIG else value


def runs(values):
    """hw_error values, long runs of one value put together."""
    out, i = [], 0
    while i < len(values):
        n = 1
        while i + n < len(values) and values[i + n] == values[i]:
            n += 1
        out += ([{"value": values[i], "count": n}] if n > 4
                else [values[i]] * n)
        i += n
    return out


class File:
    """One file of vectors."""

    def __init__(self, name, *header):
        self.name = name
        self.header = list(header)
        self.notes = {}
        self.groups = []
        self.ids = 0

    def note(self, flag, bug_type, description, rules=(), defects=()):
        """Explain a flag."""
        note = {"bugType": bug_type, "description": description}
        if rules:
            note["rules"] = list(rules)
        if defects:
            note["defects"] = list(defects)
        self.notes[flag] = note

    def group(self, kind, comment="", **keys):
        """Begin a group."""
        group = Group(self, kind, comment, keys)
        self.groups.append(group)
        return group

    def json(self):
        """The file as JSON data."""
        used = {flag for g in self.groups for t in g.tests
                for flag in t.get("flags", [])}
        assert used == set(self.notes), (self.name, used ^ set(self.notes))
        return {"algorithm": "IOMMU_HWPT_INVALIDATE",
                "schema": "vectors_schema.json",
                "version": VERSION,
                "header": self.header,
                "notes": self.notes,
                "numberOfTests": self.ids,
                "testGroups": [g.json() for g in self.groups]}


class Group:
    """Tests that share a configuration."""

    def __init__(self, file, kind, comment, keys):
        self.file = file
        self.kind = kind
        self.comment = comment
        self.keys = keys
        self.tests = []

    def add(self, comment, flags, rules, valid, body, acceptable=False):
        """Append a test, with its number."""
        self.file.ids += 1
        test = {"tcId": self.file.ids, "comment": comment}
        if flags:
            test["flags"] = list(flags)
        if rules:
            test["rules"] = list(rules)
        test["result"] = ("acceptable" if acceptable
                          else "valid" if valid else "invalid")
        test.update(body)
        self.tests.append(test)

    def call(self, comment, want, entries, flags=(), rules=(), state=None,
             acceptable=False, hand=None, **body):
        """A whole call. want: (errno, rule, entryNum) as a person sees it.

        state: what else to compare; by default all that is short, or after a
        fault, where much is an implementation's choice, hw_error alone.
        hand: descriptors of unit 0 worked out by hand.
        """
        test = {"entries": entries}
        if body.get("command"):
            test = {"command": body.pop("command"), **test}
        test.update(body)
        out = call(self.kind, self.keys, test)
        got = (out["errno"], out["rule"], out["entryNum"])
        assert got == want, (self.file.name, comment, got, want)
        if hand is not None:
            sent = [tuple(q[:2]) for q in out["descriptors"][0]]
            assert sent == hand, (self.file.name, comment, sent, hand)
        expected = {"errno": out["errno"], "rule": out["rule"],
                    "entryNum": out["entryNum"]}
        if not out["written"]:
            expected["written"] = False
        if "iotlb" in out:
            expected["iotlb"] = out["iotlb"]
        else:
            expected.update(self.stated(out, state, body.get("faults")))
        test = show(test)
        test["expected"] = expected
        self.add(comment, flags, rules, out["errno"] == "0", test, acceptable)

    def by_hand(self, comment, want, entries, flags, rules, written=True,
                hw_error=None, **body):
        """A call whose course is the implementation's own: "acceptable"."""
        errno, rule, count = want
        expected = {"errno": errno, "rule": rule, "entryNum": count}
        if not written:
            expected["written"] = False
        if hw_error is not None:
            expected["hwError"] = runs(hw_error)
        self.add(comment, flags, rules, errno == "0",
                 {**show({"entries": entries, **body}),
                  "expected": expected}, acceptable=True)

    @staticmethod
    def stated(out, state, faults):
        """The parts of the outcome that the test compares."""
        if state is None:
            short = sum(map(len, out["descriptors"])) <= 12
            state = ([] if faults else ["descriptors", "waits"] if short
                     else ["descriptorCount", "submissions"])
        stated = {}
        if "hwError" in out:
            stated["hwError"] = runs(out["hwError"])
        if "descriptors" in state:
            stated["descriptors"] = [[words(q) for q in unit]
                                     for unit in out["descriptors"]]
        if "descriptorCount" in state:
            stated["descriptorCount"] = [len(u) for u in out["descriptors"]]
        for key in ("waits", "submissions"):
            if key in state:
                stated[key] = out[key]
        return stated

    def audit(self, comment, want, entry, flags=(), rules=()):
        """An entry is judged. want: (errno, rule) or the reach."""
        values = (entry["addr"], entry["npages"], entry.get("flags", 0),
                  entry.get("hwError", 0))
        try:
            request = R.audit(values, self.keys["revision"],
                              self.keys["audit"], self.keys["vaBits"])
            expected = {"errno": "0", "rule": "", "reach": request.reach}
            got = request.reach
            if request.reach == "range":
                expected["first"] = hexa(request.first)
                expected["last"] = hexa(request.last)
            expected["leaf"] = request.leaf
        except R.Refused as why:
            expected = {"errno": why.errno, "rule": why.rule}
            got = (why.errno, why.rule)
        assert got == want, (comment, got, want)
        self.add(comment, flags, rules, expected["errno"] == "0",
                 {"entry": show(entry), "expected": expected})

    def cover(self, comment, addr, npages, how="two", want=None, flags=(),
              rules=()):
        """A request becomes blocks."""
        blocks = R.cover(R.audit((addr, npages, 0, 0)), how)
        assert want is None or blocks == want, (comment, blocks, want)
        self.add(comment, flags, rules, True, {
            "addr": hexa(addr), "npages": show(npages), "how": how,
            "expected": {"blocks": [[hexa(p), o] for p, o in blocks]}})

    def encode(self, comment, dtype, want=None, flags=(), rules=(),
               **fields):
        """Fields become a descriptor, or "EINVAL"."""
        number = TYPES.get(dtype, dtype)
        named = {"if" if k == "if_" else k: v for k, v in fields.items()}
        body = {"fields": {"type": dtype, **show(named)}}
        try:
            qw = R.encode(number, **named)
            assert want is None or qw[:2] == list(want), (comment, qw, want)
            body["expected"] = {"qw": [hexa(q) for q in qw]}
        except ValueError:
            assert want in (None, "EINVAL"), comment
            body["expected"] = {"errno": "EINVAL"}
        valid = "qw" in body["expected"]
        assert valid == (want != "EINVAL"), comment
        self.add(comment, flags, rules, valid, body)

    def decode(self, comment, qw, want=(), flags=(), rules=(), full=True,
               **mode):
        """A descriptor is judged. want: its violations."""
        receiver = {"ttm": "scalable", "queue": 256, "dt": True, "dit": True,
                    "pds": True, "prs": True, "hpts": True, **mode}
        receiver["wide"] = receiver["queue"] == 256
        padded = (list(qw) + [0, 0])[:4]
        dtype, fields, bad, reserved = R.decode(padded, receiver)
        names = [name for bit, name in VIOLATIONS if bad & bit]
        assert sorted(names) == sorted(want), (comment, names, want)
        expected = {"type": KEYS.get(dtype, dtype)}
        if full:
            expected["fields"] = show(fields)
        expected["violations"] = names
        if any(reserved):
            expected["reserved"] = [hexa(r) for r in reserved]
        self.add(comment, flags, rules, not names, {
            "qw": [hexa(q) for q in qw], "mode": mode, "expected": expected})

    def image(self, comment, what, raw, fields, flags, rules):
        """Bytes of a structure and the fields that they mean."""
        self.add(comment, flags, rules, True, {
            "what": what, "bytes": raw.hex(),
            "expected": {"fields": show(fields)}})

    def slot(self, comment, qw):
        """A slot of the ring: little-endian, whatever the machine is."""
        raw = b"".join(q.to_bytes(8, "little") for q in qw)
        self.add(comment, ["Slot"], ["ENC-1"], True, {
            "what": "slot", "bytes": raw.hex(),
            "expected": {"qw": [hexa(q) for q in qw]}})

    def json(self):
        """The group as JSON data."""
        out = {"type": self.kind}
        if self.comment:
            out["comment"] = self.comment
        return {**out, **show(self.keys), "tests": self.tests}


TYPES = {"cc": 1, "iotlb": 2, "devtlb": 3, "iec": 4, "wait": 5, "piotlb": 6,
         "pc": 7, "pdevtlb": 8, "pgresp": 9, "hpt": 10}
KEYS = {number: key for key, number in TYPES.items()}
VIOLATIONS = [(R.BAD_TYPE, "type"), (R.BAD_MODE, "mode"),
              (R.BAD_RESERVED, "reserved"), (R.BAD_G, "granularity"),
              (R.BAD_AM, "am")]


def iotlb(pasid=0):
    """A unit's IOTLB under a PASID."""
    return {"cache": "iotlb", "pasid": pasid}


def device(sid=0x308, pfsid=0x300, pasid=0, **more):
    """The device TLB of a function under a PASID."""
    return {"cache": "devtlb", "pasid": pasid, "sid": sid, "pfsid": pfsid,
            **more}


def unit(*targets, did=3, **more):
    """An IOMMU."""
    return {"did": did, **more, "targets": list(targets)}


def entry(addr, npages=1, flags=0, **more):
    """One entry."""
    out = {"addr": addr, "npages": npages}
    if flags:
        out["flags"] = flags
    return {**out, **more}


def many(count, addr=0x100000, npages=1, stride=0x1000, **more):
    """Many entries alike."""
    return {"range": {"addr": addr, "npages": npages, "stride": stride,
                      "count": count, **more}}
